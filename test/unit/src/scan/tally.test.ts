import t from 'tap'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { MOST_RESULTS, MOST_SHARDS, Tally } from '#src/scan/tally.ts'
import type { Found } from '#src/scan/judge.ts'
import { team } from '#test/fixtures.ts'

const found: Found = { policy: 'a/b', rule: 'R1', result: 'fail', field: '', message: 'no' }
const of = (uid: string, namespace = 'kradle-org-acme') =>
  team('acme', { metadata: { uid, namespace } })
const sumOf = (tally: Tally, namespace = 'kradle-org-acme') =>
  tally.namespaces.get(namespace)!.reduce((sum, { passed }) => sum + passed, 0)
const entriesOf = (tally: Tally) =>
  [...tally.namespaces.values()].flat().flatMap(({ entries }) => entries)

t.test('counts what passed, and keeps what did not with the object it is of', async t => {
  const tally = new Tally()
  tally.add(Team, of('1'), { passed: 3, found: [] })
  tally.add(Team, of('2'), { passed: 2, found: [found] })
  tally.add(Team, of('3', 'kradle-org-globex'), { passed: 1, found: [] })
  t.equal(sumOf(tally), 5)
  t.strictSame(entriesOf(tally), [
    {
      ...found,
      object: {
        apiVersion: 'kradle.a5c.ai/v1alpha1',
        kind: 'Team',
        namespace: 'kradle-org-acme',
        name: 'core',
        uid: '2',
      },
    },
  ])
})

t.test('an object is always in the same bucket, and objects are spread', async t => {
  const tally = new Tally()
  for (let uid = 0; uid < 800; uid++) tally.add(Team, of(`uid-${uid}`), { passed: 1, found: [] })
  for (const { passed } of tally.namespaces.get('kradle-org-acme')!)
    t.ok(passed > 50, String(passed))
  t.equal(tally.namespaces.get('kradle-org-acme')!.length, MOST_SHARDS)
})

t.test('keeps no more than a report holds, and counts the rest', async t => {
  const tally = new Tally()
  for (let count = 0; count < MOST_RESULTS + 3; count++)
    tally.add(Team, of('same'), {
      passed: 0,
      found: [{ ...found, result: count < 502 ? 'fail' : 'warn' }],
    })
  t.equal(entriesOf(tally).length, MOST_RESULTS)
  const bucket = tally.namespaces.get('kradle-org-acme')!.find(({ entries }) => entries.length > 0)!
  t.strictSame(bucket.cut, { fail: 2, warn: 1, error: 0 })
})

t.test('takes over what was known, and what another tally holds', async t => {
  const tally = new Tally()
  tally.keep('kradle-org-acme', { ...found, object: { uid: '9' } })
  tally.keep('kradle-org-acme', { ...found, object: {} })
  const other = new Tally()
  other.add(Team, of('9'), { passed: 1, found: [found] })
  other.add(Team, of('9', 'kradle-org-globex'), { passed: 4, found: [] })
  for (let count = 0; count < MOST_RESULTS + 3; count++)
    other.add(Team, of('9'), { passed: 0, found: [found] })
  tally.merge(other)
  t.equal(sumOf(tally), 1)
  t.equal(sumOf(tally, 'kradle-org-globex'), 4)
  const cut = tally.namespaces.get('kradle-org-acme')!.reduce((sum, each) => sum + each.cut.fail, 0)
  t.equal(entriesOf(tally).length + cut, MOST_RESULTS + 6)
})
