import { dice, type Dice } from './dice.ts'
import { CONFIRM, ORG, PREFIX, type Mode } from './judge.ts'
import { isMap, own, type Json, type Map } from './json.ts'
import { reviewOf } from './reviews.ts'

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

export const BODY_LIMIT = 7 * 1024 * 1024

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

export const JSON_TYPE = 'application/json'
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

/** Does one thing that no API server would do, mostly where decisions are made. */
function change(d: Dice, review: Map): void {
  const parent = d.chance(0.5) ? hotParent(d, review) : anyParent(d, review)
  const keys = Object.keys(parent)
  const key = d.chance(0.15) || keys.length === 0 ? d.pick(strangeKeys) : d.pick(keys)
  const act = d.below(10)
  if (act < 2) delete parent[key]
  else if (act < 3) define(parent, d.pick([...keys, ...strangeKeys]), own(parent, key) ?? null)
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
  ['request', 'object', 'spec', 'template', 'spec'],
  ['request', 'object', 'spec', 'template', 'metadata', 'labels'],
  ['request', 'object', 'spec', 'roleRef'],
  ['request', 'object', 'spec', 'webhook'],
  ['request', 'object', 'spec', 'interfaces'],
  ['request', 'object', 'spec', 'interfaces', 'gitForge'],
  ['request', 'object', 'spec', 'kyverno', 'spec'],
  ['request', 'object', 'spec', 'parameters'],
  ['request', 'object', 'spec', 'predictor', 'model'],
  ['request', 'object', 'spec', 'predictor', 'model', 'modelFormat'],
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
    const below = Object.values(parent).flat().filter(isMap)
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
  ...['repairer', 'fixer', 'untrusted', 'trusted', 'refs/pull/9/head', 'model', 'paul'].map(one),
  ...['fixer', 'tracker', 'strict', 'yolo', 'sklearn', 'packages', 'title', 'linting'].map(one),
  () => ['tracker', { name: 'tracker' }, 7, null],
  () => ({ name: 'fixer' }),
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
