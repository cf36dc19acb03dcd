import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { stringify } from 'yaml'
import {
  extraStatusOf,
  readDefinitions,
  readReviews,
  storedIn,
  validationsOf,
} from '#hack/gen/definitions.ts'

interface Parts {
  readonly group?: string
  readonly context?: string
  readonly annotations?: Record<string, string>
  readonly head?: Record<string, unknown>
  readonly names?: Record<string, unknown>
  readonly versions?: unknown[]
  readonly name?: string
}

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        a: { type: 'string' },
        list: { type: 'array', items: { type: 'object', properties: { b: { type: 'object' } } } },
      },
    },
  },
}
const version = {
  name: 'v1alpha1',
  subresources: { status: {} },
  schema: { openAPIV3Schema: schema },
}
const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
const ACTIVITY = {
  apiVersion: 'definitions.kradle.a5c.ai/v1alpha1',
  kind: 'AggregatedResourceDefinition',
}

/** A definition of Gadget or of Record, with other parts. */
function definition(stored: 'etcd' | 'postgres', parts: Parts = {}): object {
  const isEtcd = stored === 'etcd'
  const group = isEtcd ? 'kradle.a5c.ai' : 'activity.kradle.a5c.ai'
  const { context = 'x', names = {} } = parts
  const plural = isEtcd ? 'gadgets' : 'records'
  return {
    ...(isEtcd ? CRD : ACTIVITY),
    ...parts.head,
    metadata: {
      name: parts.name ?? `${plural}.${group}`,
      annotations: {
        'kradle.a5c.ai/context': context,
        'kradle.a5c.ai/scope': 'org',
        ...parts.annotations,
      },
    },
    spec: {
      group: parts.group ?? group,
      names: {
        kind: isEtcd ? 'Gadget' : 'Record',
        plural,
        categories: ['kradle', context],
        ...names,
      },
      versions: parts.versions ?? [version],
    },
  }
}

const references = (...list: object[]) => ({
  'kradle.a5c.ai/references': stringify(list),
})

t.test('reads custom resources and activity, and tells them apart', async t => {
  const folder = folderOf(t, {
    'x/gadgets.yaml': definition('etcd', {
      names: { shortNames: ['g'] },
      annotations: references({ path: 'spec.a', kind: 'Gadget', onMissing: 'deny' }),
    }),
    'activity/records.yaml': definition('postgres', {
      annotations: {
        ...references({ path: 'spec.list[].b', kind: 'Gadget', onMissing: 'condition' }),
        'kradle.a5c.ai/retention-seconds': '60',
      },
    }),
  })
  const all = readDefinitions(folder)
  t.match(all, [
    { kind: 'Record', stored: 'postgres', retentionSeconds: 60, context: 'x', scope: 'org' },
    { kind: 'Gadget', stored: 'etcd', shortNames: ['g'], references: [{ kind: 'Gadget' }] },
  ])
  t.equal(all[1]?.retentionSeconds, undefined)
  t.strictSame(storedIn('etcd', all), [all[1]])
})

t.test('finds every rule of a schema, and what a status has of its own', async t => {
  const validations = (rule: string, says: object) => ({
    'x-kubernetes-validations': [{ rule, ...says }],
  })
  const inner = { items: validations('c', { messageExpression: "'d'" }) }
  const ruled = {
    ...validations('a', {}),
    properties: {
      spec: { ...validations('b', { message: 'no' }), properties: { list: inner } },
      status: { properties: { phase: {}, due: {} } },
    },
  }
  t.strictSame(validationsOf(ruled), [
    { path: '', rule: 'a', says: '' },
    { path: 'spec', rule: 'b', says: 'no' },
    { path: 'spec.list[]', rule: 'c', says: "'d'" },
  ])
  t.strictSame(extraStatusOf(ruled), { due: {} })
  t.strictSame(extraStatusOf({}), {})
})

t.test('the definitions that are shipped are read', async t => {
  t.ok(readDefinitions().length > 50)
  t.strictSame(
    readReviews().map(({ kind, stored }) => `${kind} ${stored}`),
    ['AgentPermissionReview nowhere', 'RefUpdateReview nowhere'],
  )
})

t.test('reviews are read by themselves', async t => {
  const asked = (change: object) =>
    definition('postgres', {
      names: { categories: undefined },
      versions: [{ ...version, storage: false, ...change }],
    })
  const file = 'reviews/records.yaml'
  const right = folderOf(t, { [file]: asked({ subresources: undefined }) })
  t.match(readReviews(right), [{ kind: 'Record', stored: 'nowhere' }])
  t.strictSame(readDefinitions(right), [])
  for (const change of [{}, { subresources: undefined, storage: true }])
    t.throws(() => readReviews(folderOf(t, { [file]: asked(change) })), {
      message: /a review is not stored, and has no subresources/,
    })
})

const etcd = 'x/gadgets.yaml'
const postgres = 'activity/records.yaml'
const wrong: Record<string, [file: string, content: object, says: RegExp]> = {
  'a folder of another context': ['y/gadgets.yaml', definition('etcd'), /crds\/x, in gadgets/],
  'activity among custom resources': [etcd, definition('etcd', { head: ACTIVITY }), /is a Custom/],
  'a custom resource among activity': [postgres, definition('postgres', { head: CRD }), /Aggregat/],
  'activity in the group of custom resources': [
    postgres,
    definition('postgres', { group: 'kradle.a5c.ai' }),
    /the group is activity\.kradle/,
  ],
  'activity of the platform': [
    postgres,
    definition('postgres', { annotations: { 'kradle.a5c.ai/scope': 'platform' } }),
    /activity belongs to an organisation/,
  ],
  'no scope': [
    etcd,
    definition('etcd', { annotations: { 'kradle.a5c.ai/scope': '' } }),
    /org or platform/,
  ],
  'a retention of a custom resource': [
    etcd,
    definition('etcd', { annotations: { 'kradle.a5c.ai/retention-seconds': '60' } }),
    /of activity alone/,
  ],
  'a retention of no number': [
    postgres,
    definition('postgres', { annotations: { 'kradle.a5c.ai/retention-seconds': '1d' } }),
    /number of seconds/,
  ],
  'another name': [etcd, definition('etcd', { name: 'x' }), /metadata\.name/],
  'no categories': [etcd, definition('etcd', { names: { categories: undefined } }), /categories/],
  'no annotations': [etcd, { ...CRD, metadata: {}, spec: { names: {}, versions: [] } }, /belongs/],
  'other categories': [
    etcd,
    definition('etcd', { names: { categories: ['x'] } }),
    /categories are/,
  ],
  'two versions': [etcd, definition('etcd', { versions: [version, version] }), /one version/],
  'no status': [
    etcd,
    definition('etcd', { versions: [{ ...version, subresources: {} }] }),
    /status subresource/,
  ],
  'a reference to no kind': [
    etcd,
    definition('etcd', { annotations: references({ path: 'spec.a', kind: 'X' }) }),
    /"X" is a kind/,
  ],
  'a reference that says no consequence': [
    etcd,
    definition('etcd', { annotations: references({ path: 'spec.a', kind: 'Gadget' }) }),
    /onMissing is/,
  ],
  'a reference to no field': [
    etcd,
    definition('etcd', {
      annotations: references({ path: 'spec.x.y', kind: 'Gadget', onMissing: 'deny' }),
    }),
    /spec\.x\.y is a field/,
  ],
}
for (const [name, [file, content, says]] of Object.entries(wrong))
  t.test(`refuses ${name}`, async t => {
    t.throws(() => readDefinitions(folderOf(t, { [file]: content })), { message: says })
  })

t.test('refuses configuration that names activity, and a kind that is there twice', async t => {
  const record = definition('postgres')
  const naming = references({ path: 'spec.a', kind: 'Record', onMissing: 'deny' })
  const both = { [postgres]: record, [etcd]: definition('etcd', { annotations: naming }) }
  t.throws(() => readDefinitions(folderOf(t, both)), { message: /configuration names no activity/ })
  const twice = { [postgres]: record, [etcd]: definition('etcd', { names: { kind: 'Record' } }) }
  t.throws(() => readDefinitions(folderOf(t, twice)), { message: /no other has its kind/ })
})

function folderOf({ testdir }: Pick<typeof t, 'testdir'>, files: Record<string, object>): string {
  const folder = join(testdir({}), 'crds')
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), stringify(content))
  }
  return folder
}
