import t from 'tap'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { request, team } from '#test/fixtures.ts'
import rule from '#webhooks/org-scoped/name-is-normalised.ts'

const judged = (name: string, generateName?: string) =>
  rule.decide(
    request(
      'CREATE',
      Team,
      team('acme', { metadata: { name, ...(generateName !== undefined && { generateName }) } }),
    ),
  )

t.test('judges names that somebody chose', async t => {
  t.strictSame(judged('core'), [])
  t.match(judged('core.team'), [{ rule: 'R10', fix: 'write "core-team"' }])
  t.match(judged('core.team', ''), [{ rule: 'R10' }])
})

t.test('leaves names alone that the API server made', async t => {
  t.strictSame(judged('core.abcde', 'core.'), [])
  t.strictSame(judged('', 'core.'), [], 'before there is one')
  t.strictSame(judged(`${'x.'.repeat(29)}abcde`, 'x.'.repeat(40)), [], 'cut to 58')
  t.match(judged('core.abcdef', 'core.'), [{ rule: 'R10' }], 'longer than what is made')
  t.match(judged('other.abcde', 'core.'), [{ rule: 'R10' }], 'another beginning')
})
