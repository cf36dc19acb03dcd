import type { UnknownObject } from '#src/api/object.ts'
import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import { decodeFields, encodeFields } from './fields-v1.ts'
import type { Managed, Owned } from './managed.ts'
import { managerId, type Operation } from './manager-id.ts'
import { Unreadable } from './path-element.ts'
import { compareText } from './value-order.ts'

/** Reads metadata.managedFields; undefined is none. Throws Unreadable. */
export function decodeEntries(entries: unknown): Managed {
  const managed = new Map<string, Owned>()
  if (!Array.isArray(entries)) return managed
  for (const [index, entry] of entries.entries()) {
    const owned = decodeEntry(isFields(entry) ? entry : {}, index)
    managed.set(managerId(owned.owner), owned)
  }
  return managed
}

function decodeEntry(entry: Fields, index: number): Owned {
  const [operation, apiVersion, fieldsType] = ['operation', 'apiVersion', 'fieldsType'].map(name =>
    text(entry, name),
  ) as [string, string, string]
  if (!isOperation(operation)) throw new Unreadable('operation must be `Apply` or `Update`')
  if (apiVersion === '') throw new Unreadable('apiVersion must not be empty')
  if (fieldsType === '') throw new Unreadable(`missing fieldsType in managed fields entry ${index}`)
  if (fieldsType !== 'FieldsV1')
    throw new Unreadable(
      `invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${index}`,
    )
  return {
    owner: {
      manager: text(entry, 'manager'),
      operation,
      apiVersion: operation === 'Apply' ? '' : apiVersion,
      subresource: text(entry, 'subresource'),
    },
    set: decodeFields(entry['fieldsV1'] ?? {}),
    apiVersion,
    time: timeOf(text(entry, 'time')),
  }
}

/** The entries as they are stored: by operation, age and name. undefined where there are none. */
export function encodeEntries(managed: Managed): readonly Fields[] | undefined {
  if (managed.size === 0) return undefined
  return [...managed.values()].toSorted(compareEntries).map(encodeEntry)
}

const encodeEntry = ({ owner, set, apiVersion, time }: Owned): Fields => ({
  apiVersion,
  fieldsType: 'FieldsV1',
  fieldsV1: encodeFields(set),
  ...(owner.manager && { manager: owner.manager }),
  operation: owner.operation,
  ...(owner.subresource && { subresource: owner.subresource }),
  ...(time && { time }),
})

const compareEntries = (a: Owned, b: Owned): number =>
  compareText(a.owner.operation, b.owner.operation) ||
  secondsOf(a) - secondsOf(b) ||
  compareText(a.owner.manager, b.owner.manager) ||
  compareText(a.apiVersion, b.apiVersion) ||
  compareText(a.owner.subresource, b.owner.subresource)

/** Seconds since 1970; 0 where the time is not known. */
export const secondsOf = ({ time }: Owned): number => (time ? Date.parse(time) / 1000 : 0)

/** Whether managedFields are sent to be emptied: one entry that says nothing. An empty list says nothing of them. */
export const isReset = (entries: unknown): boolean =>
  Array.isArray(entries) &&
  entries.length === 1 &&
  Object.values(fieldsOf(entries[0])).every(value => value === '' || value === null)

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** The object with these entries, or without any. One that was applied may have no metadata at all. */
export function withEntries(
  object: UnknownObject,
  entries: readonly Fields[] | undefined,
): UnknownObject {
  if (!entries && !isFields(object['metadata'])) return object
  const { managedFields: _, ...metadata } = { ...object.metadata }
  return { ...object, metadata: entries ? { ...metadata, managedFields: [...entries] } : metadata }
}

const isOperation = (operation: string): operation is Operation =>
  operation === 'Apply' || operation === 'Update'

function text(entry: Fields, name: string): string {
  const value = entry[name]
  return typeof value === 'string' ? value : ''
}

/** In whole seconds of UTC, which is all that is stored. */
function timeOf(time: string): string | undefined {
  const milliseconds = Date.parse(time)
  return Number.isNaN(milliseconds)
    ? undefined
    : `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}
