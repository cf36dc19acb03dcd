import type { RequestInfo, Verb } from '../request.ts'
import type { Resource } from '../resource.ts'
import {
  badRequest,
  methodNotAllowedThere,
  methodNotSupported,
  noSuchResource,
  notFound,
  type StatusError,
} from '../status-error.ts'

/** What a URL and a method ask for. `refused` is known before anybody is asked who he is, but told only afterwards. */
export type Target =
  | { readonly type: 'resource'; readonly info: RequestInfo }
  /** Discovery, health and the like; `verb` is the method in lower case. */
  | { readonly type: 'path'; readonly path: string; readonly verb: string }
  | { readonly type: 'refused'; readonly error: StatusError }

const VERBS: Readonly<Record<string, Verb>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

const keyOf = (group: string, version: string, plural: string): string =>
  `${group}/${version}/${plural}`

/** Understands requests for the given resources as kube-apiserver does; watching by a path `/watch/` is not served. */
export function requestInfoFor(
  resources: readonly Resource[],
): (method: string, url: string) => Target {
  const served = new Map(
    resources.map(resource => {
      const { group, version, plural } = resource.kind
      return [keyOf(group, version, plural), resource]
    }),
  )
  return (method, url) => {
    const at = url.indexOf('?')
    const path = at < 0 ? url : url.slice(0, at)
    const segments = segmentsOf(path)
    if (!segments) return refused(badRequest('the path of the request is not properly encoded'))
    const [root, group, version, ...rest] = segments
    if (root !== 'apis' || rest.length === 0)
      return { type: 'path', path, verb: method.toLowerCase() }
    const { namespace, parts } = placeOf(rest)
    const [plural, name = '', subresource = '', ...more] = parts
    const resource = served.get(keyOf(group!, version!, plural!))
    if (!resource || more.length > 0) return refused(noSuchResource())
    // There is one path to ask at, and nothing below it.
    if (resource.virtual && (name !== '' || (resource.kind.namespaced && namespace === '')))
      return refused(noSuchResource())
    const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
    const verb = verbOf(method, name, query)
    // A namespace belongs to namespaced kinds alone, and only what is read may be asked for across all of them.
    const across = verb === 'list' || verb === 'watch'
    const fits = resource.kind.namespaced ? namespace !== '' || across : namespace === ''
    if (!fits) return refused(noSuchResource())
    return (
      fault(resource, verb, name, subresource, method) ?? {
        type: 'resource',
        info: { verb: verb as Verb, resource, subresource, namespace, name, query },
      }
    )
  }
}

const refused = (error: StatusError): Target => ({ type: 'refused', error })

/** undefined where the path is not properly encoded. */
function segmentsOf(path: string): string[] | undefined {
  // No regular expression: one for the slashes at the end takes time quadratic in those before it.
  let [start, end] = [0, path.length]
  while (path[start] === '/') start++
  while (end > start && path[end - 1] === '/') end--
  try {
    return path.slice(start, end).split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
}

const placeOf = (rest: readonly string[]): { namespace: string; parts: readonly string[] } =>
  rest[0] === 'namespaces' && rest.length > 2
    ? { namespace: rest[1]!, parts: rest.slice(2) }
    : { namespace: '', parts: rest }

function verbOf(method: string, name: string, query: URLSearchParams): Verb | undefined {
  const verb = VERBS[method]
  if (name !== '') return verb
  if (verb === 'get') return isTrue(query.get('watch')) ? 'watch' : 'list'
  return verb === 'delete' ? 'deletecollection' : verb
}

/** A boolean parameter: only its absence, `0` and `false` mean no. */
export const isTrue = (value: string | null): boolean =>
  value !== null && value !== '0' && value.toLowerCase() !== 'false'

function fault(
  { kind, virtual }: Resource,
  verb: Verb | undefined,
  name: string,
  subresource: string,
  method: string,
): Target | undefined {
  if (virtual && verb !== 'create') return refused(methodNotAllowedThere())
  if (subresource !== '' && name === '') return refused(noSuchResource())
  if (subresource !== '' && subresource !== 'status') return refused(notFound(kind, name))
  const headed = method === 'HEAD' && verb === 'watch'
  if (verb === undefined || headed) return refused(methodNotSupported(kind, method.toLowerCase()))
  if ((verb === 'create' && name !== '') || (subresource !== '' && verb === 'delete'))
    return refused(methodNotSupported(kind, verb))
  if (name === '' && (verb === 'update' || verb === 'patch'))
    return refused(badRequest('name must be provided'))
  // No object has such a name, and nobody down the line shall have to think of it.
  return name.includes('/') || name.includes('\0') ? refused(notFound(kind, name)) : undefined
}
