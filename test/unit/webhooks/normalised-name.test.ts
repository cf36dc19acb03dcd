import t from 'tap'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { request, team } from '#test/fixtures.ts'
import { nameFindings } from '#webhooks/normalised-name.ts'

const named = (name: string) => team('acme', { metadata: { name } })

t.test('takes a DNS label, and nothing else', async t => {
  for (const name of ['core', '0', 'a--b', 'x'.repeat(63)])
    t.strictSame(nameFindings(request('CREATE', Team, named(name))), [], name)
  for (const [name, write] of [
    ['core.team', 'core-team'],
    ['x'.repeat(64), 'x'.repeat(63)],
    [`${'x'.repeat(62)}.x`, 'x'.repeat(62)],
  ] as const)
    t.match(nameFindings(request('CREATE', Team, named(name))), [
      { rule: 'R10', field: 'metadata.name', value: name, fix: `write "${write}"` },
    ])
})

t.test('has nothing to say once the name stands, or before there is one', async t => {
  t.strictSame(nameFindings(request('UPDATE', Team, named('a.b'), named('a.b'))), [])
  t.strictSame(nameFindings(request('CREATE', Team, named(''))), [])
})
