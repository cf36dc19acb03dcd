import t from 'tap'
import type { Outcome } from '#src/policy-test/outcome.ts'
import { jsonReport, summaryOf, tableReport } from '#src/policy-test/report.ts'

const passed = { result: 'pass', message: '' } as const
const outcome = (changes: Partial<Outcome>): Outcome => ({
  template: 'titles',
  test: 'x',
  object: 'Pod/p',
  expected: 'pass',
  kyverno: passed,
  kradle: passed,
  problems: [],
  ...changes,
})
const { kyverno: _, ...kradleOnly } = outcome({ object: 'Pod/changed' })
const { kradle: ___, ...nobody } = kradleOnly
const { kradle: __, ...kyvernoOnly } = outcome({
  object: 'Pod/q',
  problems: ['Kyverno says fail: \u001b[2J'],
})

t.test('has a line for every object, and for what is other than expected', async t => {
  t.equal(
    tableReport([outcome({}), kradleOnly, kyvernoOnly, nobody]),
    `RESULT     TEST       OBJECT        EXPECTED
ok         titles/x   Pod/p         pass
ok         titles/x   Pod/changed   pass
failed     titles/x   Pod/q         pass
  Kyverno says fail: \ufffd[2J
unjudged   titles/x   Pod/changed   pass
2 as expected, 1 failed; 1 that only Kyverno can judge; 1 judged by Kradle alone; 1 judged by Kyverno alone
`,
  )
  t.equal(tableReport([]), '0 as expected, 0 failed\n')
})

t.test('leaves out what is well, when it is to be quiet', async t => {
  t.equal(tableReport([outcome({})], true), '1 as expected, 0 failed\n')
  t.match(tableReport([outcome({}), kyvernoOnly], true), /^RESULT[^]*\nfailed[^]*\n1 as expected/)
})

t.test('has all of it for programs', async t => {
  const results = [outcome({}), kradleOnly]
  t.strictSame(JSON.parse(jsonReport(results)), { summary: summaryOf(results), results })
})
