import type { Undecodable } from '#src/lib/schema/metadata-decode.ts'

/** How Go's encoding/json calls what it found where it wanted something else. */
export function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return value === null ? 'null' : typeof value
}

const TYPES: Readonly<Record<string, string>> = {
  generation: 'int64',
  deletionGracePeriodSeconds: 'int64',
  uid: 'types.UID',
  labels: 'map[string]string',
  annotations: 'map[string]string',
  finalizers: '[]string',
  ownerReferences: '[]v1.OwnerReference',
  managedFields: '[]v1.ManagedFieldsEntry',
  'ownerReferences.uid': 'types.UID',
  'ownerReferences.controller': 'bool',
  'ownerReferences.blockOwnerDeletion': 'bool',
  'managedFields.operation': 'v1.ManagedFieldsOperationType',
}
const STRUCTS: Readonly<Record<string, string>> = {
  ownerReferences: 'OwnerReference',
  managedFields: 'ManagedFieldsEntry',
}
const TIMES = ['creationTimestamp', 'deletionTimestamp', 'time']
const MAPS = ['labels', 'annotations']

/** Why metadata could not be read, as kube-apiserver says it; where it would say something else, in our own words. */
export function unreadable({ at, message }: Undecodable): string {
  const inMetadata = at && /(?:^|\.)metadata((?:\.|\[).*)?$/.exec(at.path)
  if (!inMetadata) return message
  const { value } = at
  const steps = (inMetadata[1] ?? '').replace(/^\./, '').replaceAll(/\[\d+\]/g, '[]')
  if (!steps) return `json: cannot unmarshal ${goKind(value)} into Go value of type v1.ObjectMeta`
  const [first = '', second] = steps.replaceAll('[]', '').split('.')
  if (TIMES.includes(second ?? first)) return badTime(value)
  const isItem = steps.endsWith('[]')
  const inStruct = STRUCTS[first] && second ? STRUCTS[first] : 'ObjectMeta'
  const path = second && !MAPS.includes(first) ? `${first}.${second}` : first
  const type = MAPS.includes(first) && second !== undefined ? 'string' : (TYPES[path] ?? 'string')
  const found = typeof value === 'number' && type === 'int64' ? `number ${value}` : goKind(value)
  return `json: cannot unmarshal ${found} into Go struct field ${inStruct}.${path} of type ${isItem ? type.slice(2) : type}`
}

const badTime = (value: unknown): string =>
  typeof value === 'string'
    ? `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`
    : `json: cannot unmarshal ${goKind(value)} into Go value of type string`
