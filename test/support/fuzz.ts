import { applyPatch, type Operation as PatchOperation } from 'rfc6902'

/** What the cluster is known to hold. Every other organisation does not exist. */
export interface World {
  /** Organisations that are Ready. */
  readonly live: readonly string[]
  /** Organisations being deleted: their binding is gone, their namespace is going. */
  readonly going: readonly string[]
}

export type Mode = 'validate' | 'mutate'

/** One request to the webhook server. */
export interface Case {
  readonly mode: Mode
  readonly body: string | Buffer
  /** As an API server would send it, so that it must be decided on. */
  readonly plain: boolean
  /** Deeper than a call stack: a refusal without a verdict is right as well. */
  readonly deep: boolean
  readonly query: string
  readonly delivery: 'whole' | 'halves' | 'aborted'
  readonly contentType: string | undefined
}

export interface Reply {
  readonly status: number
  readonly text: string
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Map = { [key: string]: Json }

export const BODY_LIMIT = 7 * 1024 * 1024
const ORG = 'kradle.a5c.ai/org'
const CONFIRM = 'kradle.a5c.ai/confirm-delete'
const PREFIX = 'kradle-org-'

// The generator.

/** A random number generator with a seed (mulberry32). */
export function dice(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number): number => Math.floor(next() * n)
  return {
    below,
    chance: (probability: number): boolean => next() < probability,
    pick: <T>(items: readonly T[]): T => items[below(items.length)]!,
  }
}
type Dice = ReturnType<typeof dice>

/** The same cases for the same seed. */
export function* cases(seed: number, count: number): Generator<Case> {
  const d = dice(seed)
  for (let index = 0; index < count; index++) yield caseOf(d)
}

function caseOf(d: Dice): Case {
  const mode = d.pick(['validate', 'validate', 'mutate'] as const)
  const review = reviewOf(d)
  const plain = d.chance(0.25)
  const common = { mode, plain, deep: false, delivery: 'whole', contentType: JSON_TYPE } as const
  if (plain) return { ...common, body: JSON.stringify(review), query: d.pick(['', '?timeout=5s']) }

  for (let times = d.below(4); times > 0; times--) change(d, review)
  const deep = d.chance(0.002)
  if (deep) hotParent(d, review)['deep'] = DEEP
  let body: string | Buffer = JSON.stringify(review)
  if (deep) body = body.replaceAll(`"${DEEP}"`, '['.repeat(30_000) + ']'.repeat(30_000))
  if (d.chance(0.05)) body = rewritten(d, body)
  if (d.chance(0.04)) body = broken(d, body)
  const big = d.chance(0.0002) ? d.pick([-1, 0, 1, 4096]) : undefined
  if (big !== undefined) body = padded(body, BODY_LIMIT + big)
  return {
    ...common,
    body,
    deep,
    query: d.chance(0.2) ? d.pick(queries) : '?timeout=5s',
    contentType: d.chance(0.05) ? d.pick(contentTypes) : JSON_TYPE,
    delivery: d.chance(0.002) ? 'halves' : d.chance(0.005) ? 'aborted' : 'whole',
  }
}

const JSON_TYPE = 'application/json'
const DEEP = 'deep nesting goes here'
const contentTypes = [
  undefined,
  '',
  'text/plain',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  ';;;',
]
const queries = [
  ['', '?', '?timeout', '?timeout=', '?timeout=0s', '?timeout=1ms', '?timeout=-5s'],
  ['?timeout=1.2345s', '?timeout=1h', '?timeout=5s&timeout=1s', '?timeout[]=5s', '?timeout=5'],
  ['?timeout=NaN', `?timeout=${'9'.repeat(400)}s`, '?timeout=%ff', '?timeout=5%73'],
  ['?__proto__=x', '?constructor[prototype]=x', '?timeout=1m30s', `?${'a=b&'.repeat(200)}`],
].flat()

// What makes the server ask the API server is rarer than the rest: it would take most of the time.
const kinds = [
  ...Array.from({ length: 5 }, () => ({ plural: 'teams', kind: 'Team' })),
  ...Array.from({ length: 3 }, () => ({ plural: 'users', kind: 'User' })),
  { plural: 'organizations', kind: 'Organization' },
  { plural: 'orgnamespacebindings', kind: 'OrgNamespaceBinding' },
]
const operations = ['CREATE', 'CREATE', 'UPDATE', 'UPDATE', 'DELETE', 'CONNECT'] as const
const slugs = ['acme', 'acme', 'acme', 'acme', 'globex', 'globex', 'hooli', 'nosuch'] as const
const namespaces = ['default', 'kube-system', 'kradle-system', PREFIX] as const
const NAMESPACE_CONTROLLER = 'system:serviceaccount:kube-system:namespace-controller'
const users = [
  'jane',
  'jane',
  NAMESPACE_CONTROLLER,
  'system:serviceaccount:kube-system:generic-garbage-collector',
] as const

/** What an API server could send, right or wrong. */
function reviewOf(d: Dice): Map {
  const { plural, kind } = d.pick(kinds)
  const operation = d.pick(operations)
  const slug = d.pick(slugs)
  const platform = plural === 'organizations' || plural === 'orgnamespacebindings'
  const namespace = platform ? 'kradle-system' : d.chance(0.9) ? PREFIX + slug : d.pick(namespaces)
  const name = platform ? slug : d.pick(['core', 'x'])
  const object: Map = {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind,
    metadata: { name, namespace, uid: 'u', ...labelsOf(d, slug) },
    spec: {
      displayName: d.pick(['Core', 'Other']),
      ...(d.chance(0.8) && { organizationRef: d.chance(0.9) ? slug : d.pick(slugs) }),
      ...(kind === 'OrgNamespaceBinding' && { namespace: PREFIX + slug }),
      ...(kind === 'Organization' && { namespaceName: PREFIX + slug }),
    },
    ...(d.chance(0.3) && { status: { phase: 'Ready' } }),
  }
  // Three times as fast as structuredClone.
  const old = JSON.parse(JSON.stringify(object)) as Map
  if (operation === 'UPDATE')
    for (let times = d.below(3); times > 0; times--) d.pick(edits)(old, d.pick(slugs))
  const group = { group: 'kradle.a5c.ai', version: 'v1alpha1' }
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: `uid-${d.below(1e9)}`,
      kind: { ...group, kind },
      resource: { ...group, resource: plural },
      ...(d.chance(0.1) && { subResource: d.pick(['status', 'scale']) }),
      ...(d.chance(0.9) && { name }),
      namespace,
      operation,
      userInfo: { username: d.pick(users), groups: ['system:authenticated'], extra: {} },
      object: operation === 'DELETE' ? null : object,
      oldObject: operation === 'DELETE' ? object : operation === 'UPDATE' ? old : null,
      dryRun: d.chance(0.1),
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  }
}

function labelsOf(d: Dice, slug: string): Map {
  const labels: Map = { tier: 'a', ...(d.chance(0.7) && { [ORG]: slug }) }
  return {
    ...(d.chance(0.9) && { labels }),
    ...(d.chance(0.3) && { annotations: { [CONFIRM]: d.pick([slug, 'yes']) } }),
    ...(d.chance(0.05) && { deletionTimestamp: '2026-11-21T12:00:00Z' }),
  }
}

/** How the stored object may differ from the new one. */
const edits: readonly ((old: Map, slug: string) => void)[] = [
  old => void (mapAt(old, 'metadata')['finalizers'] = ['x/y']),
  old => void (mapAt(old, 'metadata')['labels'] = { tier: 'b' }),
  old => void (mapAt(old, 'metadata')['annotations'] = { note: 'b' }),
  old => void (mapAt(old, 'spec')['displayName'] = 'Before'),
  (old, slug) => void (mapAt(old, 'spec')['organizationRef'] = slug),
  old => void (old['status'] = { phase: 'Pending' }),
  old => void delete old['spec'],
]

const mapAt = (map: Map, key: string): Map => (isMap(map[key]) ? map[key] : (map[key] = {}))

/** Does one thing that no API server would do, mostly where decisions are made. */
function change(d: Dice, review: Map): void {
  const parent = d.chance(0.5) ? hotParent(d, review) : anyParent(d, review)
  const keys = Object.keys(parent)
  const key = d.chance(0.15) || keys.length === 0 ? d.pick(strangeKeys) : d.pick(keys)
  const act = d.below(10)
  if (act < 2) delete parent[key]
  else if (act < 3) define(parent, d.pick([...keys, ...strangeKeys]), parent[key] ?? null)
  else define(parent, key, d.chance(0.8) ? d.pick(strange)(d) : huge(d))
}

const hot = [
  [],
  ['request'],
  ['request'],
  ['request', 'resource'],
  ['request', 'userInfo'],
  ['request', 'object'],
  ['request', 'object', 'metadata'],
  ['request', 'object', 'metadata', 'labels'],
  ['request', 'object', 'metadata', 'annotations'],
  ['request', 'object', 'spec'],
  ['request', 'object', 'spec'],
  ['request', 'oldObject', 'metadata'],
  ['request', 'oldObject', 'spec'],
] as const

function hotParent(d: Dice, review: Map): Map {
  let parent = review
  for (const step of d.pick(hot)) {
    const next = Object.hasOwn(parent, step) ? parent[step] : undefined
    if (!isMap(next)) return parent
    parent = next
  }
  return parent
}

function anyParent(d: Dice, review: Map): Map {
  let parent = review
  while (d.chance(0.75)) {
    const below = Object.values(parent).filter(isMap)
    if (below.length === 0) break
    parent = d.pick(below)
  }
  return parent
}

/** An own key, whatever its name. */
const define = (map: Map, key: string, value: Json): void =>
  void Object.defineProperty(map, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })

const parsed = (text: string) => (): Json => JSON.parse(text) as Json
const one = (value: Json) => (): Json => value
const strangeKeys = [
  ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'toJSON', 'then'],
  ['', ' ', '~', '/', 'a/b~c', '\ud800', '\u0000', 'é', '💥', 'Spec', 'METADATA'],
  ['organizationRef', 'labels', ORG, CONFIRM, 'deletionTimestamp', 'generateName', 'name'],
].flat()
const strange: readonly ((d: Dice) => Json)[] = [
  ...[null, true, false, 0, -0, 1, -1, 1.5, 2 ** 53 + 2, -(2 ** 63), 1e308, 5e-324].map(one),
  ...['', ' ', 'acme', 'globex', 'hooli', 'nosuch', 'ACME', 'acme ', 'acme\n', 'acmé'].map(one),
  ...['acme/status', 'acme/', '/acme', '.', '..', '../organizations/acme', 'acme%2fstatus'].map(
    one,
  ),
  ...[
    'acme?x=y',
    'acme#x',
    'acme;x',
    '%2e',
    '%',
    '\ud800',
    '\udc00x',
    '\u0000',
    '💥',
    '\u202e',
  ].map(one),
  ...['CREATE', 'UPDATE', 'DELETE', 'CONNECT', 'create', 'PATCH'].map(one),
  ...['teams', 'users', 'organizations', 'pods', 'kradle.a5c.ai', 'apps', 'KRADLE.A5C.AI'].map(one),
  ...[`${PREFIX}acme`, `${PREFIX}globex`, `${PREFIX}acme/x`, PREFIX, 'kradle-orgacme'].map(one),
  ...['status', '__proto__', 'constructor', 'the rule', '${x}', '{{x}}', '2026-01-01'].map(one),
  () => [],
  () => ({}),
  () => [[]],
  () => ['acme'],
  () => ({ organizationRef: 'acme' }),
  () => ({ metadata: {} }),
  () => ({ length: 1, 0: 'x' }),
  parsed('{"__proto__":{"organizationRef":"acme"}}'),
  parsed('{"__proto__":null,"constructor":{"prototype":{"allowed":true}}}'),
  d => reviewOf(d),
]

function huge(d: Dice): Json {
  const size = d.chance(0.005) ? 200_000 : 300
  return d.pick<() => Json>([
    () => 'x'.repeat(size),
    () => '\ud83d'.repeat(size),
    () => Array.from({ length: size }, (_, index) => index),
    () => Object.fromEntries(Array.from({ length: size / 2 }, (_, index) => [`k${index}`, 'v'])),
  ])()
}

/** JSON that says more than a value can: keys twice, numbers no double holds. */
const rewritten = (d: Dice, body: string): string =>
  d.pick<(text: string) => string>([
    text => text.replace('"request":{', '"request":{"operation":"CONNECT","uid":"first",'),
    text => text.replace('"operation":"', '"operation":"DELETE","operation":"'),
    text => text.replace('"metadata":{', '"metadata":{"labels":null,"labels":[],'),
    text => text.replace('"spec":{', '"spec":{"organizationRef":"globex",'),
    text => text.replace('"dryRun":false', '"dryRun":1e999,"x":-0,"y":1E+400,"z":0.1e-999'),
    text => text.replace('"name":', '"\\u006eame":'),
    text => ` \n\t${text}\r\n `,
  ])(body)

/** What is no JSON any more, mostly. */
const broken = (d: Dice, body: string): string | Buffer =>
  d.pick<() => string | Buffer>([
    () => body.slice(0, d.below(body.length)),
    () => body + d.pick(['x', '}', body, '\u0000']),
    () => flipped(d, body),
    () => Buffer.from(Array.from({ length: d.below(300) }, () => d.below(256))),
    () => Buffer.from(body, 'utf16le'),
    () => `\ufeff${body}`,
    () =>
      d.pick(['', 'null', '0', '"x"', '[]', '{}', 'true', '[{"request":{}}]', '{"request":[]}']),
  ])()

function flipped(d: Dice, body: string): Buffer {
  const bytes = Buffer.from(body)
  for (let times = 1 + d.below(4); times > 0; times--) bytes[d.below(bytes.length)] = d.below(256)
  return bytes
}

function padded(body: string | Buffer, size: number): Buffer {
  return Buffer.concat([Buffer.from(body), Buffer.alloc(size, ' ')]).subarray(0, size)
}

// The judge: the shipped rules written once more, as plainly as can be.

interface Verdict {
  readonly says: 'allow' | 'deny' | 'malformed' | 'unreadable'
  readonly warnings: number
  /** On `mutate`: the object as it has to come out. */
  readonly complete?: Map
  /** The server had to ask the API server, which may fail. */
  readonly asks?: boolean
}

const allow: Verdict = { says: 'allow', warnings: 0 }
const deny: Verdict = { says: 'deny', warnings: 0 }
const malformed: Verdict = { says: 'malformed', warnings: 0 }

/** `review` is undefined where the body is no JSON. */
function judge(mode: Mode, review: Json | undefined, world: World): Verdict {
  if (review === undefined) return { says: 'unreadable', warnings: 0 }
  const request = isMap(review) ? review['request'] : undefined
  if (!isMap(request) || !isWellFormed(request)) return malformed
  const operation = text(request['operation'])
  const old = mapOf(request['oldObject'])
  const object = operation === 'DELETE' ? old : mapOf(request['object'])
  const { resource, group } = mapOf(request['resource'])
  const what = `${operation} ${text(resource)}.${text(group)}`
  const user = mapOf(request['userInfo'])['username']
  if (operation === 'DELETE' && user === NAMESPACE_CONTROLLER) return allow
  if (operation === 'UPDATE' && isForeignMetadataOnly(object, old)) return allow
  if (request['subResource']) return allow

  if (/^(CREATE|UPDATE) (teams|users)\.kradle\.a5c\.ai$/.test(what))
    return judgeOwned(mode, text(request['namespace']), object, world)
  if (mode === 'mutate') return allow
  const name = text(request['name']) || text(metadataOf(object)['name'])
  if (what === 'DELETE organizations.kradle.a5c.ai') return judgeFarewell(name, object, world)
  if (what === 'DELETE orgnamespacebindings.kradle.a5c.ai')
    return world.live.includes(name) ? { ...allow, warnings: 1 } : allow
  if (what === 'CREATE orgnamespacebindings.kradle.a5c.ai') {
    const slug = specOf(object)['organizationRef']
    if (typeof slug !== 'string' || slug === '') return allow
    return { ...(world.live.includes(slug) ? allow : deny), asks: true }
  }
  return allow
}

/** Teams and Users: in the namespace of an organisation, and of no other. */
function judgeOwned(mode: Mode, namespace: string, object: Map, world: World): Verdict {
  const slug = namespace.startsWith(PREFIX) ? namespace.slice(PREFIX.length) : ''
  if (slug === '') return deny
  const bound = world.live.includes(slug)
  const spec = specOf(object)
  const labels = mapOf(metadataOf(object)['labels'])
  if (mode === 'mutate') {
    if (!bound) return { ...allow, asks: true, complete: object }
    if (own(metadataOf(object), 'deletionTimestamp')) return { ...allow, complete: object }
    const complete = {
      ...object,
      metadata: { ...metadataOf(object), labels: { [ORG]: slug, ...labels } },
      spec: { organizationRef: slug, ...spec },
    }
    return { ...allow, complete }
  }
  if (!bound) return { ...deny, asks: true }
  const agrees = (map: Map, key: string) => !Object.hasOwn(map, key) || map[key] === slug
  return agrees(spec, 'organizationRef') && agrees(labels, ORG) ? allow : deny
}

/** An organisation goes with its namespace, so its deletion is confirmed by its name. */
function judgeFarewell(name: string, object: Map, world: World): Verdict {
  const asks = true
  if (!world.live.includes(name) || own(metadataOf(object), 'deletionTimestamp'))
    return { ...allow, asks }
  const confirmed = own(mapOf(metadataOf(object)['annotations']), CONFIRM) === name
  return confirmed ? { ...allow, warnings: 1, asks } : { ...deny, asks }
}

function isWellFormed(request: Map): boolean {
  const { uid, operation, resource, userInfo, namespace, subResource, name } = request
  const isText = (value: Json | undefined) => value == null || typeof value === 'string'
  const isFilled = (value: Json | undefined) => typeof value === 'string' && value !== ''
  if (!isFilled(uid)) return false
  if (!['CREATE', 'UPDATE', 'DELETE', 'CONNECT'].includes(operation as string)) return false
  if (!isMap(resource) || typeof resource['resource'] !== 'string') return false
  if (typeof resource['group'] !== 'string') return false
  if (!isMap(userInfo) || !isFilled(userInfo['username'])) return false
  const object = operation === 'DELETE' ? request['oldObject'] : request['object']
  if (!isObject(object) || (operation === 'UPDATE' && !isObject(request['oldObject']))) return false
  if (!isText(namespace) || !isText(subResource) || !isText(name)) return false
  if (isFilled(name)) return true
  const given = metadataOf(object)['name']
  if (!isText(given)) return false
  return isFilled(given) || operation === 'CREATE' || operation === 'CONNECT'
}

function isObject(value: Json | undefined): value is Map {
  if (!isMap(value) || !isMap(own(value, 'metadata'))) return false
  const { labels, annotations } = metadataOf(value)
  return [labels, annotations, own(value, 'spec')].every(map => map == null || isMap(map))
}

/** Nothing of spec, and nothing under kradle.a5c.ai/, differs. */
function isForeignMetadataOnly(object: Map, old: Map): boolean {
  const content = (of: Map): Map => {
    const { metadata: _, status: __, ...rest } = of
    return { ...rest, spec: specOf(of) }
  }
  const ours = (of: Map, key: string): Map =>
    Object.fromEntries(
      Object.entries(mapOf(metadataOf(of)[key])).filter(([name]) =>
        lookedAt[key]?.some(known => name === `kradle.a5c.ai/${known}`),
      ),
    )
  return (
    same(content(object), content(old)) &&
    same(ours(object, 'labels'), ours(old, 'labels')) &&
    same(ours(object, 'annotations'), ours(old, 'annotations'))
  )
}

/** Contracts: the labels and annotations that rules look at, spelled out once more. */
const lookedAt: Readonly<Record<string, readonly string[]>> = {
  labels: (
    'org owner-uid dispatch-run agent-stack repository trigger-rule source-kind source-name runner-pool ' +
    'service-account trust-tier'
  ).split(' '),
  annotations: 'ref trigger-source purposes confirm-delete'.split(' '),
}

/** Equality of JSON without recursion: the depth is the sender's choice. */
function same(left: Json, right: Json): boolean {
  const pending: [Json, Json][] = [[left, right]]
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [a, b] = pair
    if (a === b) continue
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
    if (Array.isArray(a) !== Array.isArray(b)) return false
    const keys = Object.keys(a)
    if (keys.length !== Object.keys(b).length) return false
    for (const key of keys) {
      if (!Object.hasOwn(b, key)) return false
      pending.push([(a as Map)[key]!, (b as Map)[key]!])
    }
  }
  return true
}

const isMap = (value: Json | undefined): value is Map =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
const own = (map: Map, key: string): Json | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined
const mapOf = (value: Json | undefined): Map => (isMap(value) ? value : {})
const metadataOf = (object: Map): Map => mapOf(own(object, 'metadata'))
const specOf = (object: Map): Map => mapOf(own(object, 'spec'))

// The oracle: what is wrong with an answer, or undefined.

export type Outcome = 'allowed' | 'denied' | 'malformed' | 'undecided' | 'rejected'

/** Which way a case went; throws with what should never have been answered. */
export function outcomeOf(sent: Case, reply: Reply, world: World): Outcome {
  const { mode, body, deep } = sent
  const review = read(body)
  const verdict = judge(mode, review, world)
  const { status, text: said } = reply
  const insist = (holds: boolean, what: string) => {
    if (!holds) throw new Error(`${what}: the judge says ${verdict.says}; ${status} ${said}`)
  }
  insist(!said.includes('the rule failed'), 'a rule threw')
  const failed = mode === 'mutate' && status === 500
  if (status !== 200 && !failed) {
    const tooLarge = status === 413 && Buffer.byteLength(body) > BODY_LIMIT
    // Bytes that are no UTF-8 may be turned away before anybody reads them as JSON.
    const rightly = verdict.says === 'unreadable' || Buffer.isBuffer(body)
    const foreign = status === 415 && sent.contentType !== JSON_TYPE
    insist(tooLarge || foreign || (status === 400 && rightly), 'no answer to a review')
    return 'rejected'
  }
  insist(verdict.says !== 'unreadable', 'an answer to something that is no JSON')

  const answer = JSON.parse(said) as Map
  insist(answer['apiVersion'] === 'admission.k8s.io/v1', 'apiVersion')
  insist(answer['kind'] === 'AdmissionReview', 'kind')
  const response = mapOf(answer['response'])
  const { uid, allowed, warnings = [], auditAnnotations = {}, patch } = response
  insist(uid === text(mapOf(mapOf(review)['request'])['uid']), 'another uid')
  insist(typeof allowed === 'boolean', 'neither allowed nor refused')
  insist(
    Object.keys(response).every(key => known.has(key)),
    'unknown fields',
  )
  insist(Array.isArray(warnings) && warnings.every(isString), 'warnings are no texts')
  insist(isMap(auditAnnotations) && Object.values(auditAnnotations).every(isString), 'annotations')
  insist((patch !== undefined) === (response['patchType'] === 'JSONPatch'), 'patchType')
  insist(patch === undefined || (mode === 'mutate' && allowed === true), 'a patch out of place')

  if (allowed) {
    insist(!failed, 'an allow with a failure')
    insist(verdict.says === 'allow', 'allowed what must not pass')
    insist((warnings as Json[]).length === verdict.warnings, 'warnings')
    if (mode === 'mutate') insist(isComplete(sent, patch, verdict), 'a wrong patch')
    return 'allowed'
  }
  const { code, reason, message } = mapOf(response['status'])
  insist(isString(message ?? null) && message !== '' && isString(reason ?? null), 'no reason given')
  insist(failed === (mode === 'mutate' && code !== 403), 'a refusal with the wrong code')
  if (code === 403) {
    insist(verdict.says === 'deny', 'refused what may pass')
    return 'denied'
  }
  if (code === 400) {
    insist(verdict.says === 'malformed', 'called malformed what is not')
    return 'malformed'
  }
  insist(code === 503, 'an unknown code')
  insist(deep || verdict.asks === true, 'no verdict where nothing stood in the way')
  return 'undecided'
}

const known = new Set('uid allowed status patch patchType warnings auditAnnotations'.split(' '))

const isString = (value: Json): value is string => typeof value === 'string'

function read(body: string | Buffer): Json | undefined {
  try {
    return JSON.parse(body.toString()) as Json
  } catch {
    return undefined
  }
}

/** The patch applies and yields the object that the judge wants; an empty map and null are the same as none. */
function isComplete({ body }: Case, patch: Json | undefined, { complete }: Verdict): boolean {
  if (complete === undefined) return patch === undefined
  const { request } = JSON.parse(body.toString()) as { request: Map }
  const object = (
    request['operation'] === 'DELETE' ? request['oldObject'] : request['object']
  ) as Map
  const steps = patch
    ? (JSON.parse(Buffer.from(patch as string, 'base64').toString()) as PatchOperation[])
    : []
  if (applyPatch(object, steps).some(error => error !== null)) return false
  return same(withoutEmpty(object), withoutEmpty(complete))
}

function withoutEmpty(object: Map): Map {
  const dropped = (map: Map, keys: readonly string[]) =>
    Object.fromEntries(
      Object.entries(map).filter(
        ([key, value]) => !keys.includes(key) || (value && !isEmpty(value)),
      ),
    )
  return dropped({ ...object, metadata: dropped(metadataOf(object), ['labels', 'annotations']) }, [
    'spec',
  ])
}

const isEmpty = (value: Json): boolean => isMap(value) && Object.keys(value).length === 0
