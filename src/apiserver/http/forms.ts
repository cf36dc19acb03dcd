import type { UnknownObject } from '#src/api/object.ts'
import type { Entry } from '../storage/store.ts'
import type { Resource } from '../resource.ts'

/** What stands in `object` of a row: its metadata, all of it, or nothing. */
export type IncludeObject = 'Metadata' | 'Object' | 'None'

/** A meta.k8s.io/v1 Table, as far as the server looks into it. */
export interface Table {
  readonly kind: 'Table'
  readonly apiVersion: 'meta.k8s.io/v1'
  readonly metadata: object
  readonly columnDefinitions: readonly object[]
  readonly rows: readonly object[]
}

/** Makes other forms of objects. Pure. */
export interface Forms {
  /** One row for every entry, or one for the object; the metadata of a list is written over by whoever sends it. */
  tableOf(
    resource: Resource,
    of: readonly Entry[] | UnknownObject,
    includeObject: IncludeObject,
  ): Table
  /** A meta.k8s.io/v1 PartialObjectMetadata. */
  partialOf(object: UnknownObject): object
}

/** In which form an answer is wanted. */
export interface Media {
  readonly form: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
  /** For a Table. */
  readonly includeObject: IncludeObject
}

/** Whether what was asked for is the objects' metadata alone. */
export const isPartial = ({ form }: Media): boolean => form.startsWith('Partial')
