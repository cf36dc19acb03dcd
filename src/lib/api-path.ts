import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import { KradleError } from './errors.ts'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * Whether an object may have such a name (path segment names of the API machinery).
 * Asked for `acme/status`, the API server answers with the object `acme`, however the
 * slash is escaped: what somebody wrote into a field must not choose the path.
 */
export const isPathSegment = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name)

/**
 * The path of a kind, an object or a subresource:
 * `/apis/<group>/<version>[/namespaces/<ns>]/<plural>[/<name>[/<sub>]]`. Throws InvalidName.
 */
export function apiPath(
  kind: Kind,
  target: { namespace?: string | undefined; name?: string; subresource?: string } = {},
): string {
  const { namespace, name, subresource } = target
  const steps = [
    kind.group ? 'apis' : 'api',
    ...apiVersionOf(kind).split('/'),
    ...(kind.namespaced && namespace ? ['namespaces', namespace] : []),
    kind.plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ]
  const bad = steps.find(step => !isPathSegment(step))
  if (bad !== undefined)
    throw new KradleError('InvalidName', `"${bad}" cannot be the name of an object`)
  return steps.map(step => `/${encodeURIComponent(step)}`).join('')
}

/** `?a=b&c=d`, leaving out what is undefined, or ''. */
export function queryString(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  return given.length
    ? `?${new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString()}`
    : ''
}

/** A label selector: '' matches any value of the label. */
export const labelSelectorOf = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .toSorted()
    .join(',')
