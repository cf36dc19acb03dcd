import t from 'tap'
import { manifestOf } from '#src/check/manifest.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { registry as registryOf } from '#webhooks/registry.ts'

const registry = registryOf(rules, mutations)
const read = (value: unknown, namespace?: string, problem?: string) =>
  manifestOf(
    { file: 'x.yaml', line: 3, value, ...(problem !== undefined && { problem }) },
    registry,
    namespace,
  )
const KRADLE = 'kradle.a5c.ai/v1alpha1'
const team = (metadata: unknown, rest: object = {}) => ({
  apiVersion: KRADLE,
  kind: 'Team',
  metadata,
  ...rest,
})

t.test('reads what Kradle has a definition of or rules about', async t => {
  t.match(read(team({ name: 'core', namespace: 'kradle-org-acme' })), {
    manifest: { file: 'x.yaml', line: 3, kind: { plural: 'teams' }, object: { kind: 'Team' } },
  })
  t.match(read(team({ generateName: 'core-' }), 'kradle-org-acme'), {
    manifest: { object: { metadata: { name: '', namespace: 'kradle-org-acme' } } },
  })
  t.match(read({ apiVersion: KRADLE, kind: 'Organization', metadata: { name: 'acme' } }, 'other'), {
    manifest: { object: { metadata: { namespace: 'kradle-system' } } },
  })
  t.match(read({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'n' } }), {
    manifest: { kind: { plural: 'pods' } },
  })
})

t.test('leaves alone what is none of its business', async t => {
  const tried = { apiVersion: 'cli.kradle.a5c.ai/v1alpha1', kind: 'PolicyTest', spec: {} }
  t.match(read({ ...tried, metadata: { name: 'x' } }), { verdict: { result: 'skipped' } })
  t.match(read({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }), {
    verdict: { result: 'skipped', kind: 'Service', name: 's', line: 3 },
    object: { metadata: { name: 's' } },
  })
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } }
  t.match(read(secret, 'kradle-org-acme').object, {
    metadata: { name: 's', namespace: 'kradle-org-acme' },
  })
  t.match(read({ ...secret, metadata: { name: 's', namespace: 'n' } }, 'm').object, {
    metadata: { namespace: 'n' },
  })
  for (const metadata of [undefined, {}, { name: 7 }])
    t.equal(read({ ...secret, metadata }).object, undefined, 'nothing that others could name')
})

const refused: [name: string, value: unknown, field: string, message: RegExp][] = [
  ['a text', 'text', '', /^is no object; .*R1/],
  ['a list', [], '', /is no object/],
  ['no apiVersion', { kind: 'Team' }, 'apiVersion', /^apiVersion: is missing.*R1/],
  ['no kind', { apiVersion: 'v1', kind: '' }, 'kind', /^kind: is missing.*R1/],
  [
    'an old version',
    { apiVersion: 'kradle.a5c.ai/v1', kind: 'Team' },
    'apiVersion',
    /"kradle\.a5c\.ai\/v1" is not served; write "kradle\.a5c\.ai\/v1alpha1" \[R2\]/,
  ],
  [
    'a kind of nobody',
    { apiVersion: KRADLE, kind: 'Teem' },
    'kind',
    /"Teem" is no kind of Kradle's; .*\[R1\]/,
  ],
  ['no metadata', { apiVersion: KRADLE, kind: 'Team' }, 'metadata', /is missing.*R3/],
  ['no name', team({}), 'metadata.name', /^metadata\.name: is missing.*R3/],
  ['a number for a name', team({ name: 7 }), 'metadata.name', /R3/],
  ['nothing to generate from', team({ generateName: '' }), 'metadata.name', /R3/],
  ['no namespace', team({ name: 'core' }), 'metadata.namespace', /--namespace \[R6\]/],
  ['an empty namespace', team({ name: 'core', namespace: '' }), 'metadata.namespace', /R6/],
]

for (const [name, value, field, message] of refused)
  t.test(`refuses ${name}`, async t => {
    t.match(read(value), {
      verdict: { result: 'refused', causes: [{ source: 'file', field, message }] },
    })
  })

t.test('passes on what the parser said', async t => {
  t.match(read(undefined, undefined, 'Map keys must be unique'), {
    verdict: { result: 'refused', causes: [{ field: '', message: 'Map keys must be unique' }] },
  })
})
