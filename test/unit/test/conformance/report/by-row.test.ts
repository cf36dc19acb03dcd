import t from 'tap'
import { byRow } from '#test/conformance/report/by-row.ts'
import { results } from '#test/fixtures-conformance.ts'

t.test('a row is what its scenarios are, the worst first', async t => {
  const found = byRow(results, false)
  t.match(
    found.map(({ row, outcome, seconds, scenarios, remark }) => ({
      number: row.number,
      outcome,
      seconds,
      scenarios,
      remark,
    })),
    [
      { number: 8, outcome: 'failed', seconds: 0, scenarios: 1, remark: 'tenancy/odd' },
      {
        number: 9,
        outcome: 'failed',
        seconds: 3.5,
        scenarios: 3,
        remark: 'tenancy/more; 1 of 3 skipped: Kyverno does not run',
      },
      { number: 23, outcome: 'skipped', remark: 'skipped: Kyverno does not run' },
    ],
  )
  t.equal(byRow(results.slice(0, 1), false)[0]?.outcome, 'passed')
})

t.test('the whole list has every row, with what is not built', async t => {
  const all = byRow(results, true)
  t.equal(all.length, 60)
  t.equal(all.filter(({ outcome }) => outcome === 'not built').length, 57)
  t.match(all[16], { outcome: 'not built', remark: 'git servers' })
})
