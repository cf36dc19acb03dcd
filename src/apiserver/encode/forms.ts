import type { UnknownObject } from '#src/api/object.ts'
import type { Resource } from '../resource.ts'
import { partialListOf, partialOf, type ListMeta } from './partial.ts'
import { tableOf, type IncludeObject, type TableOptions } from './table.ts'

/** The forms that objects can be asked for in, besides their own. */
export const forms = {
  /** A single object as a Table. */
  tableOf: (
    resource: Resource,
    object: UnknownObject,
    includeObject: IncludeObject,
    options?: TableOptions,
  ) => {
    const { resourceVersion = '' } = object.metadata
    return tableOf(resource, [object], includeObject, { resourceVersion }, options)
  },
  /** A list as a Table. */
  tableListOf: (
    resource: Resource,
    objects: readonly UnknownObject[],
    listMeta: ListMeta,
    includeObject: IncludeObject,
    options?: TableOptions,
  ) => tableOf(resource, objects, includeObject, listMeta, options),
  partialOf,
  partialListOf,
} as const
