import type { UnknownObject } from '#src/api/object.ts'

/** The versions that Table and PartialObjectMetadata come in; what they hold is the same. */
export type MetaVersion = 'v1' | 'v1beta1'

/** What a list says of itself; an empty `continue` is left out here, though lists of objects have it. */
export interface ListMeta {
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

/** An object without anything but its metadata. */
export const partialOf = (object: UnknownObject, version: MetaVersion = 'v1') => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata: object.metadata,
})

/** A list of objects without anything but their metadata; an empty one has `null` for items, as kube-apiserver has it. */
export const partialListOf = (
  objects: readonly UnknownObject[],
  listMeta: ListMeta,
  version: MetaVersion = 'v1',
) => ({
  kind: 'PartialObjectMetadataList',
  apiVersion: `meta.k8s.io/${version}`,
  metadata: withoutEmpty(listMeta),
  items: objects.length === 0 ? null : objects.map(object => partialOf(object, version)),
})

/** The metadata of a Table or a list as meta/v1 writes it. */
export function withoutEmpty({ continue: next, ...rest }: ListMeta): ListMeta {
  return next ? { ...rest, continue: next } : rest
}
