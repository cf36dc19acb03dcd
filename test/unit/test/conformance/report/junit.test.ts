import t from 'tap'
import { byRow } from '#test/conformance/report/by-row.ts'
import { escaped, junitOf } from '#test/conformance/report/junit.ts'
import { results } from '#test/fixtures-conformance.ts'
import { elementsOf } from '#test/support/xml.ts'

t.test(
  'a suite for each area, a case for each scenario, and one for each row without any',
  async t => {
    const elements = elementsOf(junitOf(results, byRow(results, true), 12.3456))
    t.match(elements[0], {
      name: 'testsuites',
      attributes: { tests: '61', failures: '2', skipped: '58', time: '12.346' },
    })
    const suites = elements.filter(({ name }) => name === 'testsuite')
    t.strictSame(
      suites.map(({ attributes }) => attributes['name']),
      ['policy', 'tenancy', 'not built'],
    )
    const cases = elements.filter(({ name }) => name === 'testcase')
    t.equal(cases.length, 61)
    const skipped = elements.filter(({ name }) => name === 'skipped')
    t.match(skipped[0]?.attributes, { message: 'Kyverno does not run' })
    t.match(skipped[1]?.attributes, { message: 'not built' })
    const [failure] = elements.filter(({ name }) => name === 'failure')
    t.match(failure, { attributes: { message: 'a "second" <one> & more' }, text: 'kubectl get' })
  },
)

t.test('a part of the scenarios has no rows without any', async t => {
  const elements = elementsOf(junitOf(results.slice(0, 1), byRow(results, false), 1))
  t.equal(elements.filter(({ name }) => name === 'testcase').length, 1)
})

t.test('whatever was seen is well-formed', async t => {
  t.equal(escaped('<a b="c">&\n\r\t'), '&lt;a b=&quot;c&quot;&gt;&amp;&#10;&#13;&#9;')
  t.equal(escaped('\u0000\u001B[31mred\uFFFF \uD800'), '[31mred \uFFFD')
})

t.test('a case that was skipped or failed without a reason still says so', async t => {
  const bare = results.map(({ scenario, area, outcome, seconds, failed }) => ({
    scenario,
    area,
    outcome,
    seconds,
    ...(failed && { failed }),
  }))
  t.match(junitOf(bare, [], 0), '<skipped message=""/>')
})
