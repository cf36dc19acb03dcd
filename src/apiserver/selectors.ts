/** One requirement of a label selector. */
export interface LabelRequirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'exists' | '!'
  /** Empty for `exists` and `!`; `a=b` is `in` with one value, `a!=b` is `notin`. */
  readonly values: readonly string[]
}

/** One requirement of a field selector: `metadata.name`, `metadata.namespace`, or a selectable field without its leading dot. */
export interface FieldRequirement {
  readonly field: string
  readonly operator: '=' | '!='
  readonly value: string
}
