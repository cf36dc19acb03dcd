import { jsonEqual } from '#src/lib/json-diff.ts'
import { isFields } from '#src/lib/schema/structural.ts'

/**
 * Where an admission object no longer is as it was shipped, as dotted paths.
 *
 * Fields that only the live object has count too, unless they are what the API
 * server fills in: a namespaceSelector that somebody added would switch enforcement
 * off for the namespaces it names.
 */
export function driftOf(wanted: object, live: object): string[] {
  return Object.keys(wanted)
    .filter(key => !['apiVersion', 'kind', 'metadata'].includes(key))
    .flatMap(key => differences(at(wanted, key), at(live, key), key))
}

/** Defaults of admissionregistration.k8s.io/v1, by field. */
const defaults: Readonly<Record<string, unknown>> = {
  namespaceSelector: {},
  objectSelector: {},
  matchPolicy: 'Equivalent',
  reinvocationPolicy: 'Never',
  failurePolicy: 'Fail',
  scope: '*',
  timeoutSeconds: 10,
}

function differences(wanted: unknown, live: unknown, path: string): string[] {
  if (Array.isArray(wanted) && Array.isArray(live))
    return wanted.length === live.length
      ? wanted.flatMap((item, index) => differences(item, live[index], `${path}[${index}]`))
      : [path]
  if (!isFields(wanted) || !isFields(live)) return jsonEqual(wanted, live) ? [] : [path]
  return [...new Set([...Object.keys(wanted), ...Object.keys(live)])].flatMap(key =>
    key in wanted
      ? differences(wanted[key], live[key], `${path}.${key}`)
      : jsonEqual(live[key], defaults[key])
        ? []
        : [`${path}.${key}`],
  )
}

const at = (object: object, key: string): unknown => (object as Record<string, unknown>)[key]
