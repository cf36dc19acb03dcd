import type { UnknownObject } from '#src/api/object.ts'
import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import type { Dice } from '#test/support/fuzz/dice.ts'
import { changed, valueOf } from './values.ts'

export const API_VERSION = 'apply.example.com/v1'
export const KIND = 'Merged'
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

interface Write {
  readonly name: string
  readonly manager: string
  readonly subresource: '' | 'status'
}

/** One write to the object of a sequence. */
export type Step = Write &
  (
    | { readonly type: 'apply'; readonly body: UnknownObject; readonly force: boolean }
    | {
        readonly type: 'create' | 'replace' | 'merge-patch' | 'json-patch'
        /** What is sent. */
        readonly body: unknown
        /** What it comes to. */
        readonly next: UnknownObject
      }
  )

const MANAGERS = ['alpha', 'beta', 'kubectl']

/** Makes up the steps of one sequence, one after the other. */
export function programOf(name: string, schema: OpenApiSchema, dice: Dice) {
  const configs = new Map<string, UnknownObject>()
  const properties = schema.properties!
  // One of twenty has so many managers that the oldest are put together.
  const managers = dice.chance(0.05)
    ? Array.from({ length: 14 }, (_, index) => `m${index}`)
    : MANAGERS

  const part = (field: string, from: unknown): Record<string, unknown> => {
    const below = properties[field]!
    return { [field]: from === undefined ? valueOf(below, dice) : changed(from, below, dice) }
  }

  const fresh = (subresource: string): UnknownObject => ({
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name, ...metadataOf(dice) },
    ...(subresource === 'status' || dice.chance(0.2) ? part('status', undefined) : {}),
    ...(subresource === '' || dice.chance(0.2) ? part('spec', undefined) : {}),
    ...(dice.chance(0.1) && part('extra', undefined)),
  })

  /** What somebody applies: what he applied before with changes, something new, or something of what there is. */
  const configOf = (live: UnknownObject | undefined, id: string, subresource: string) => {
    const before = configs.get(id)
    const field = subresource || 'spec'
    let config = before
      ? {
          ...before,
          metadata: dice.chance(0.3) ? { name, ...metadataOf(dice) } : before.metadata,
          ...(dice.chance(0.8) && part(field, before[field])),
        }
      : fresh(subresource)
    if (live && dice.chance(0.3)) config = { ...config, ...pieceOf(live, field, dice) }
    configs.set(id, config)
    return dice.chance(0.07) ? unfit(config, dice) : config
  }

  const replacing = (live: UnknownObject, subresource: string): UnknownObject => {
    const next = structuredClone(live)
    for (const field of ['spec', 'status', 'extra'])
      if (dice.chance(field === (subresource || 'spec') ? 0.9 : 0.1))
        Object.assign(next, part(field, live[field]))
    if (dice.chance(0.1)) delete next[subresource || 'spec']
    if (dice.chance(0.4)) Object.assign(next.metadata, metadataOf(dice))
    if (dice.chance(0.15)) sendManagedFields(next, dice)
    if (dice.chance(0.15))
      next.metadata.annotations = {
        ...next.metadata.annotations,
        [LAST_APPLIED]: lastApplied(next, dice),
      }
    return next
  }

  return {
    next(live: UnknownObject | undefined): Step {
      const subresource = live && dice.chance(0.3) ? 'status' : ''
      const manager = dice.pick(managers)
      const write = { name, manager, subresource } as const
      if (dice.chance(managers === MANAGERS ? 0.55 : live ? 0.2 : 0))
        return {
          ...write,
          type: 'apply',
          force: dice.chance(0.35),
          body: configOf(live, `${manager}/${subresource}`, subresource),
        }
      if (!live) {
        const body = fresh(dice.chance(0.5) ? '' : 'status')
        if (managers !== MANAGERS) body.metadata.managedFields = manyEntries(dice)
        else if (dice.chance(0.2)) sendManagedFields(body, dice)
        if (dice.chance(0.3))
          body.metadata.annotations = { [LAST_APPLIED]: lastApplied(body, dice) }
        return { ...write, type: 'create', body, next: body }
      }
      const next = replacing(live, subresource)
      const type = dice.pick(['replace', 'replace', 'merge-patch', 'json-patch'] as const)
      if (type === 'replace') return { ...write, type, body: next, next }
      // What a merge patch makes of nulls in lists and new maps is a matter of its library.
      if (type === 'merge-patch' && hasNull(next))
        return { ...write, type: 'replace', body: next, next }
      return type === 'merge-patch'
        ? { ...write, type, body: mergePatch(live, next), next }
        : { ...write, type, body: [{ op: 'replace', path: '', value: next }], next }
    },
  }
}

export type Program = ReturnType<typeof programOf>

function metadataOf(dice: Dice): Partial<UnknownObject['metadata']> {
  const texts = () =>
    Object.fromEntries([[dice.pick(['x', 'y', 'e.com/z']), dice.pick(['a', 'b'])]])
  return {
    ...(dice.chance(0.3) && { labels: texts() }),
    ...(dice.chance(0.2) && { annotations: texts() }),
    ...(dice.chance(0.1) && { finalizers: [dice.pick(['e.com/f', 'e.com/g'])] }),
    ...(dice.chance(0.1) && {
      // Of a kind that is not served: the garbage collector takes whatever it finds to have no owner left.
      ownerReferences: [
        {
          apiVersion: 'owners.example.com/v1',
          kind: 'Owner',
          name: dice.pick(['s', 't']),
          uid: dice.pick(['1', '2']),
        },
      ],
    }),
  }
}

/** One field of what there is, as it is. */
function pieceOf(live: UnknownObject, field: string, dice: Dice): Record<string, unknown> {
  const fields = Object.entries((live[field] ?? {}) as Record<string, unknown>)
  if (fields.length === 0) return {}
  return { [field]: Object.fromEntries([dice.pick(fields)]) }
}

/** What kubectl writes down of an object, or what it wrote of another one. */
function lastApplied(object: UnknownObject, dice: Dice): string {
  const { apiVersion, kind, metadata, spec } = object
  const { name, labels } = metadata
  if (dice.chance(0.1)) return 'nothing'
  return JSON.stringify({
    apiVersion: dice.chance(0.05) ? 'v1' : apiVersion,
    kind,
    metadata: { name, ...(labels && { labels }), annotations: {} },
    spec,
  })
}

/** Almost as many as there may be, of fields that nobody touches. */
const manyEntries = (dice: Dice): unknown[] =>
  Array.from({ length: 9 }, (_, index) => ({
    manager: dice.pick([`m${index}`, 'ancient-changes', 'zz']),
    operation: 'Update',
    apiVersion: API_VERSION,
    fieldsType: 'FieldsV1',
    time: `2020-01-0${1 + dice.below(5)}T00:00:00Z`,
    fieldsV1: { 'f:metadata': { 'f:labels': { [`f:kept${index}`]: {} } } },
    ...(dice.chance(0.2) && { subresource: 'status' }),
  }))

function sendManagedFields(object: UnknownObject, dice: Dice): void {
  const entries = (object.metadata.managedFields ?? []) as Record<string, unknown>[]
  const sent: readonly (() => unknown[] | undefined)[] = [
    () => undefined,
    () => [],
    () => [{}],
    () => entries.map(entry => ({ ...entry, apiVersion: '' })),
    () => entries.slice(1),
    () => entries.map((entry, index) => (index === 0 ? { ...entry, fieldsV1: {} } : entry)),
    () => [
      {
        manager: 'made-up',
        operation: dice.pick(['Apply', 'Update']),
        apiVersion: API_VERSION,
        fieldsType: 'FieldsV1',
        time: '2020-01-01T00:00:00Z',
        fieldsV1: {
          'f:metadata': { 'f:labels': { 'f:x': {} } },
          'f:spec': {
            '.': {},
            'f:ports': { 'k:{"protocol": "TCP", "port":1234567}': { '.': {}, 'f:port': {} } },
            'f:words': { '.': {}, 'v:"b"': {}, 'v:"a"': {} },
            'f:numbers': { 'v:1.5': {}, 'v:80': {} },
            'f:atomicPair': { 'f:a': {} },
            'f:list': { 'i:0': {}, 'x:y': {} },
            'f:preset': {},
          },
        },
      },
    ],
  ]
  const entriesSent = dice.pick(sent)()
  if (entriesSent) object.metadata.managedFields = entriesSent
  else delete object.metadata.managedFields
}

/** What is applied with something wrong about it; one thing only, since Go says them in no order. */
function unfit(config: UnknownObject, dice: Dice): UnknownObject {
  const spec = config.spec ?? {}
  const withSpec = (fields: Record<string, unknown>) => ({
    ...config,
    spec: { ...spec, ...fields },
  })
  return dice.pick<() => UnknownObject>([
    () => withSpec({ unknown: 1 }),
    () => withSpec({ number: 'many' }),
    () => withSpec({ number: { a: [1] } }),
    () => withSpec({ number: [1] }),
    () => withSpec({ number: true }),
    () => withSpec({ text: 1 }),
    () => withSpec({ text: 1_234_567 }),
    () => withSpec({ text: { a: [1.5, 'x', null], b: true } }),
    () => withSpec({ flag: 'yes' }),
    () => withSpec({ flag: { a: [1, null, 'x'] } }),
    () => withSpec({ when: { a: 1 } }),
    () => withSpec({ words: 'a' }),
    () => withSpec({ labels: ['a'] }),
    () => withSpec({ words: ['a', 'b', 'a'] }),
    () => withSpec({ words: [null] }),
    () => withSpec({ words: [{}] }),
    () => withSpec({ words: [[]] }),
    () => withSpec({ numbers: [1_234_567, 1_234_567] }),
    () => withSpec({ ports: [{ port: 80 }, { protocol: 'TCP', port: 80 }] }),
    () => withSpec({ ports: [{ port: 1_234_567 }, { port: 1_234_567, name: 'x' }] }),
    () => withSpec({ groups: [{ size: 1 }] }),
    () => withSpec({ groups: [null] }),
    () => withSpec({ groups: ['x'] }),
    () => withSpec({ list: ['a', 1] }),
    () => withSpec({ atomicList: [{ name: 'a', no: 1 }] }),
    () => ({ ...config, metadata: { ...config.metadata, managedFields: [] } }),
    () => ({ ...config, metadata: { ...config.metadata, managedFields: [{}] } }),
    () => ({ ...config, apiVersion: 'apply.example.com/v2' }),
    () => ({ ...config, apiVersion: 'a/b/c' }),
    () => ({ ...config, apiVersion: 'v1' }),
    () => ({ ...config, kind: 'Other' }),
    () => ({ ...config, metadata: { ...config.metadata, colour: 'red' } as never }),
  ])()
}

const hasNull = (object: unknown): boolean => JSON.stringify(object).includes('null')

/** The merge patch that turns one object without nulls into another. */
function mergePatch(from: unknown, to: unknown): unknown {
  if (!isMap(from) || !isMap(to)) return to
  const gone = Object.keys(from).filter(name => !(name in to))
  return Object.fromEntries([
    ...gone.map((name): [string, unknown] => [name, null]),
    ...Object.entries(to)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(from[name]))
      .map(([name, value]): [string, unknown] => [name, mergePatch(from[name], value)]),
  ])
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
