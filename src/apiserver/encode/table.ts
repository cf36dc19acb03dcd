import type { UnknownObject } from '#src/api/object.ts'
import { metaDescription } from '../discovery/meta-types.ts'
import type { Column, Resource } from '../resource.ts'
import { cellOf } from './cell.ts'
import { jsonPath, type JsonPath } from './jsonpath.ts'
import { partialOf, withoutEmpty, type ListMeta, type MetaVersion } from './partial.ts'

/** What of each object is sent with its row. */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

export interface TableOptions {
  readonly version?: MetaVersion
  /** Without column definitions: every frame of a watch but the first. */
  readonly noHeaders?: boolean
  /** Milliseconds since 1970. */
  readonly now?: number
}

/** Objects as `kubectl get` shows them (meta.k8s.io Table). `listMeta` of a single object is its resourceVersion alone. */
export function tableOf(
  resource: Resource,
  objects: readonly UnknownObject[],
  includeObject: IncludeObject,
  listMeta: ListMeta,
  options: TableOptions = {},
) {
  const { version = 'v1', noHeaders = false, now = Date.now() } = options
  const { definitions, columns } = compiled(resource)
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: withoutEmpty(listMeta),
    columnDefinitions: noHeaders ? null : definitions,
    rows: objects.map(object => ({
      cells: [
        object.metadata.name,
        ...columns.map(({ type, path }) => {
          // A path that leads to many values shows the first.
          const values = path(object)
          return values?.length ? cellOf(type, values[0], now) : null
        }),
      ],
      object: included(object, includeObject, version),
    })),
  }
}

function included(object: UnknownObject, include: IncludeObject, version: MetaVersion) {
  if (include === 'None') return null
  return include === 'Object' ? object : partialOf(object, version)
}

interface Compiled {
  readonly definitions: readonly object[]
  readonly columns: readonly { readonly type: string; readonly path: JsonPath }[]
}

const cache = new WeakMap<Resource, Compiled>()

function compiled(resource: Resource): Compiled {
  const known = cache.get(resource)
  if (known) return known
  const columns = resource.columns.length > 0 ? resource.columns : [AGE]
  const made = {
    definitions: [NAME, ...columns.map(definitionOf)],
    columns: columns.map(({ type, jsonPath: path }) => ({ type, path: jsonPath(path) })),
  }
  cache.set(resource, made)
  return made
}

const NAME = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: metaDescription('name'),
  priority: 0,
}

const AGE: Column = {
  name: 'Age',
  type: 'date',
  description: metaDescription('creationTimestamp'),
  jsonPath: '.metadata.creationTimestamp',
}

const definitionOf = ({ name, type, format, description, priority, jsonPath: path }: Column) => ({
  name,
  type,
  format: format ?? '',
  description: description || `Custom resource definition column (in JSONPath format): ${path}`,
  priority: priority ?? 0,
})
