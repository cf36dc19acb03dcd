import { hash } from 'node:crypto'
import type { Resource } from '../resource.ts'

type Texts = Readonly<Record<string, string>>

/**
 * What an object can be found by, each as 128 bits of a hash over resource, key and value: of one
 * length, whatever is in it, so that one index holds labels and fields of all resources.
 */
export const termsOf = (resource: Resource, labels: Texts, fields: Texts): string[] => [
  ...Object.entries(labels).flatMap(([key, value]) => [
    hasLabel(resource, key),
    isLabel(resource, key, value),
  ]),
  ...Object.entries(fields).map(([path, value]) => isField(resource, path, value)),
]

export const hasLabel = (resource: Resource, key: string): string => term(resource, 'label', key)

export const isLabel = (resource: Resource, key: string, value: string): string =>
  term(resource, 'label', key, value)

export const isField = (resource: Resource, path: string, value: string): string =>
  term(resource, 'field', path, value)

/** A literal of `uuid[]`. */
export const uuids = (terms: readonly string[]): string => `{${terms.join(',')}}`

const term = ({ kind }: Resource, ...parts: readonly string[]): string =>
  hash('sha256', JSON.stringify([kind.plural, ...parts])).slice(0, 32)
