import { invalid, required, type Cause } from './cause.ts'
import { decodeMetadata, Undecodable } from './metadata-decode.ts'
import { metadataCauses, metadataOf } from './metadata.ts'
import { child, keyed } from './path.ts'
import { fieldSchema, isFields, type Fields, type Structural } from './structural.ts'

/**
 * Reads the metadata of embedded objects (x-kubernetes-embedded-resource), in place.
 * @returns the paths of metadata that no object has
 * Throws `Undecodable`.
 */
export function decodeEmbedded(root: Fields, node: Structural): readonly string[] {
  const unknown: string[] = []
  eachEmbedded(root, node, '', (object, path) => {
    for (const name of ['apiVersion', 'kind'])
      if (Object.hasOwn(object, name) && typeof object[name] !== 'string')
        throw new Undecodable(`${child(path, name)} must be a string`)
    if (Object.hasOwn(object, 'metadata'))
      object['metadata'] = decodeMetadata(object['metadata'], child(path, 'metadata'), unknown)
  })
  return unknown.toSorted()
}

/** What is wrong with embedded objects as objects. */
export function embeddedCauses(root: Fields, node: Structural): Cause[] {
  const causes: Cause[] = []
  eachEmbedded(root, node, '', (object, path) => {
    causes.push(
      ...typeCauses(object['apiVersion'], child(path, 'apiVersion'), apiVersionFault),
      ...typeCauses(object['kind'], child(path, 'kind'), kindFault),
      ...metadataCauses(metadataOf(object), {
        path: child(path, 'metadata'),
        namespaced: true,
        names: 'segment',
        nameOptional: true,
      }),
    )
  })
  return causes
}

function typeCauses(
  value: unknown,
  path: string,
  faultOf: (text: string) => string | undefined,
): Cause[] {
  if (value === undefined) return [required(path)]
  const fault = value === '' ? 'must not be empty' : faultOf(value as string)
  return fault ? [invalid(path, value, fault)] : []
}

const apiVersionFault = (text: string): string | undefined =>
  text.split('/').length > 2 ? `unexpected GroupVersion string: ${text}` : undefined

const LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?'

function kindFault(kind: string): string | undefined {
  const faults = [
    ...(kind.length > 63 ? ['must be no more than 63 characters'] : []),
    ...(new RegExp(`^${LABEL}$`, 'i').test(kind)
      ? []
      : [
          `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${LABEL}')`,
        ]),
  ]
  return faults.length > 0
    ? `may have mixed case, but should otherwise match: ${faults.join(',')}`
    : undefined
}

function eachEmbedded(
  value: unknown,
  node: Structural,
  path: string,
  visit: (object: Fields, path: string) => void,
): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      if (node.items) eachEmbedded(item, node.items, keyed(path, index), visit)
  } else if (isFields(value)) {
    if (node.embedded) visit(value, path)
    for (const [name, field] of Object.entries(value)) {
      const schema = fieldSchema(node, name)
      if (schema && schema !== true)
        eachEmbedded(
          field,
          schema,
          node.properties?.has(name) ? child(path, name) : keyed(path, name),
          visit,
        )
    }
  }
}
