import { createHash } from 'node:crypto'
import type { Resource } from '../resource.ts'
import { clausesOf, conversionOf, takesJson } from './accept.ts'
import { groupDiscoveryList, groupOf, resourceListOf } from './groups.ts'
import { openApiV2 } from './openapi-v2.ts'
import { openApiV3 } from './openapi-v3.ts'
import { byGroupVersion, servedOf, servedReview, type Review } from './served.ts'

/** The request headers that matter, as node:http gives them. */
export interface DiscoveryHeaders {
  readonly accept?: string | undefined
  readonly 'if-none-match'?: string | undefined
}

export interface DiscoveryAnswer {
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  /** '' with 301 and 304. */
  readonly body: string
}

/** Answers a GET of this path (the query with it); undefined where the path is none of discovery's. */
export type Discovery = (path: string, headers: DiscoveryHeaders) => DiscoveryAnswer | undefined

type Answering = (headers: DiscoveryHeaders, query: URLSearchParams) => DiscoveryAnswer

/** What there is, as clients ask for it: everything that follows from the definitions alone, made once. */
export function discovery(resources: readonly Resource[], reviews: readonly Review[]): Discovery {
  const all = [...resources.map(servedOf), ...reviews.map(servedReview)]
  const versions = byGroupVersion(all)
  const groups = Map.groupBy(versions.keys(), groupVersion => groupVersion.split('/')[0]!)
  const answers = new Map<string, Answering>([
    ['/apis', apis(groups, versions)],
    ['/openapi/v2', document(openApiV2(all))],
  ])
  for (const [name, groupVersions] of groups)
    answers.set(
      `/apis/${name}`,
      plain({ kind: 'APIGroup', apiVersion: 'v1', ...groupOf(name, groupVersions) }),
    )
  const index: Record<string, { serverRelativeURL: string }> = {}
  for (const [groupVersion, served] of versions) {
    const path = `apis/${groupVersion}`
    answers.set(`/${path}`, plain(resourceListOf(groupVersion, served)))
    const v3 = openApiV3(served)
    const url = `/openapi/v3/${path}?hash=${etagOf(JSON.stringify(v3))}`
    index[path] = { serverRelativeURL: url }
    answers.set(`/openapi/v3/${path}`, document(v3, url))
  }
  answers.set('/openapi/v3', document({ paths: index }))
  return (path, headers) => {
    const [name = '', query = ''] = path.split('?')
    return answers.get(name.replace(/(?<=.)\/$/, ''))?.(headers, new URLSearchParams(query))
  }
}

const JSON_TYPE = 'application/json'

const etagOf = (body: string): string =>
  createHash('sha512').update(body).digest('hex').toUpperCase()

const answer = (body: string, headers: Readonly<Record<string, string>> = {}): DiscoveryAnswer => ({
  code: 200,
  headers: { 'content-type': JSON_TYPE, ...headers },
  body,
})

/** A document of meta/v1. */
function plain(value: object): Answering {
  const body = JSON.stringify(value)
  return ({ accept }) =>
    clausesOf(accept).some(clause => takesJson(clause) && conversionOf(clause) === '')
      ? answer(body)
      : notAcceptable
}

const notAcceptable: DiscoveryAnswer = {
  ...answer(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `only the following media types are accepted: ${JSON_TYPE}`,
      reason: 'NotAcceptable',
      code: 406,
    }),
  ),
  code: 406,
}

/** Kubernetes 1.35 was the last to know v2beta1; older ones that know nothing else still ask for it. */
const AGGREGATED = ['v2', 'v2beta1']

function apis(
  groups: ReadonlyMap<string, readonly string[]>,
  versions: ReturnType<typeof byGroupVersion>,
): Answering {
  const list = plain({
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...groups].map(([name, groupVersions]) => groupOf(name, groupVersions)),
  })
  const nested = [...groups].map(
    ([name, groupVersions]) =>
      [name, new Map(groupVersions.map(one => [one, versions.get(one)!]))] as const,
  )
  const aggregated = new Map(
    AGGREGATED.map(version => {
      const type = `${JSON_TYPE};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`
      const cached = { vary: 'Accept', 'cache-control': 'public', 'content-type': type }
      const made = withEtag(answer(JSON.stringify(groupDiscoveryList(nested, version)), cached))
      return [`${version}.apidiscovery.k8s.io/APIGroupDiscoveryList`, made]
    }),
  )
  return (headers, query) => {
    const wanted = clausesOf(headers.accept)
      .filter(takesJson)
      .map(conversionOf)
      .find(conversion => conversion === '' || aggregated.has(conversion))
    const found = aggregated.get(wanted ?? '')
    return found ? unlessKnown(found, headers) : list(headers, query)
  }
}

function withEtag(given: DiscoveryAnswer): DiscoveryAnswer {
  return { ...given, headers: { ...given.headers, etag: `"${etagOf(given.body)}"` } }
}

/** Without a body where the client has it. */
function unlessKnown(given: DiscoveryAnswer, headers: DiscoveryHeaders): DiscoveryAnswer {
  const tags = (headers['if-none-match'] ?? '').split(',')
  const known = tags.map(tag => tag.trim().replace(/^W\//, ''))
  return known.includes(given.headers['etag']!) || known.includes('*')
    ? { ...given, code: 304, body: '' }
    : given
}

/** An OpenAPI document, as JSON alone; `url` is where it stays the same for ever. */
function document(value: object, url?: string): Answering {
  const fresh = withEtag(answer(JSON.stringify(value), { vary: 'Accept' }))
  const cache = { 'cache-control': 'public, immutable, max-age=31536000' }
  const kept = { ...fresh, headers: { ...fresh.headers, ...cache } }
  return (headers, query) => {
    if (!clausesOf(headers.accept).some(takesJson))
      return { code: 406, headers: { vary: 'Accept' }, body: '' }
    const hash = query.get('hash')
    if (!url || !hash) return unlessKnown(fresh, headers)
    // Something newer than the client heard of, or older while servers are replaced.
    return url.endsWith(`=${hash}`)
      ? unlessKnown(kept, headers)
      : { code: 301, headers: { vary: 'Accept', location: url }, body: '' }
  }
}
