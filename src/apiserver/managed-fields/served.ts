import { FieldSet } from './field-set.ts'
import type { Managed } from './managed.ts'
import { managerId, type Manager, type Operation } from './manager-id.ts'
import { fieldElement } from './path-element.ts'
import type { Atom } from './type.ts'
import type { Scope } from './updater.ts'

/** A resource as it is served. */
export interface Served {
  readonly atom: Atom
  readonly apiVersion: string
  /** undefined where any will do. */
  readonly kind: string | undefined
}

/** Who writes, where and when. */
export interface Writer {
  readonly manager: string
  readonly subresource: string
  readonly time: string
}

const fields = (...paths: readonly string[]): FieldSet =>
  FieldSet.of(...paths.map(path => path.split('.').map(fieldElement)))

/** What a write has no say in, by where it is made. */
const IGNORED: Readonly<Record<string, FieldSet>> = {
  '': fields('status'),
  status: fields('metadata', 'spec'),
}

export const scopeOf = ({ atom, apiVersion }: Served, { subresource }: Writer): Scope => ({
  atom,
  apiVersion,
  ignored: IGNORED[subresource] ?? fields(),
})

export const ownerOf = (
  operation: Operation,
  { manager, subresource }: Writer,
  { apiVersion }: Pick<Served, 'apiVersion'>,
): Manager => ({
  manager: manager || 'unknown',
  operation,
  apiVersion: operation === 'Apply' ? '' : apiVersion,
  subresource,
})

/** Nobody has these. */
const SYSTEM = fields(
  'apiVersion',
  'kind',
  'metadata',
  'metadata.name',
  'metadata.namespace',
  'metadata.creationTimestamp',
  'metadata.selfLink',
  'metadata.uid',
  'metadata.clusterName',
  'metadata.generation',
  'metadata.managedFields',
  'metadata.resourceVersion',
)

export const withoutSystemFields = (set: FieldSet): FieldSet => set.difference(SYSTEM)

/** The managers without what nobody has, of the one that writes. */
export function stripped(managed: Managed, owner: Manager): Managed {
  const id = managerId(owner)
  const result = new Map(managed)
  const owned = result.get(id)
  if (!owned) return result
  const set = withoutSystemFields(owned.set)
  if (set.isEmpty) result.delete(id)
  else result.set(id, { ...owned, set })
  return result
}
