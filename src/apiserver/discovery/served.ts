import { createHash } from 'node:crypto'
import type { Kind } from '#src/api/kind.ts'
import type { OpenApiSchema, Resource } from '../resource.ts'

/** A resource that is only ever created and never kept, in the style of SubjectAccessReview. */
export interface Review {
  readonly kind: Pick<Kind, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'>
  readonly singular: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
  readonly schema: OpenApiSchema
}

/** What discovery says about one resource, whether it is kept or not. */
export interface Served {
  readonly kind: Review['kind']
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly schema: OpenApiSchema
  readonly selectableFields: readonly string[]
  /** Undefined for what is never listed. */
  readonly listKind: string | undefined
  readonly verbs: readonly string[]
  /** Of the status subresource; undefined where there is none. */
  readonly statusVerbs: readonly string[] | undefined
}

/** In the order that CustomResourceDefinitions have them in. */
const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

export const servedOf = ({ kind, listKind, ...rest }: Resource): Served => ({
  ...rest,
  kind,
  listKind,
  verbs: VERBS,
  statusVerbs: ['get', 'patch', 'update'],
})

export const servedReview = ({ shortNames = [], categories = [], ...rest }: Review): Served => ({
  ...rest,
  shortNames,
  categories,
  selectableFields: [],
  listKind: undefined,
  verbs: ['create'],
  statusVerbs: undefined,
})

/** What clients tell by that a resource is stored otherwise than before. */
export const storageVersionHash = ({ group, version, kind }: Review['kind']): string =>
  createHash('sha256')
    .update(`${group}/${version}/${kind}`)
    .digest()
    .subarray(0, 8)
    .toString('base64')

/** Resources by `group/version`, in order of plurals. */
export const byGroupVersion = (all: readonly Served[]): ReadonlyMap<string, readonly Served[]> =>
  Map.groupBy(
    all.toSorted((a, b) => (a.kind.plural < b.kind.plural ? -1 : 1)),
    ({ kind }) => `${kind.group}/${kind.version}`,
  )
