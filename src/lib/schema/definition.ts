/** The parts of a CustomResourceDefinition that decide what its objects look like. */
export interface Definition {
  readonly spec: {
    readonly group: string
    readonly scope: string
    readonly names: { readonly kind: string }
    readonly versions: readonly DefinitionVersion[]
  }
}

export interface DefinitionVersion {
  readonly name: string
  readonly schema?: { readonly openAPIV3Schema?: unknown }
  readonly subresources?: { readonly status?: unknown; readonly scale?: Scale }
}

/** Where the scale subresource finds its fields, e.g. `.spec.replicas`. */
export interface Scale {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string
}
