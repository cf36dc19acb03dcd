import t from 'tap'
import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import type { KyvernoSaid } from '#src/policy-test/kyverno-output.ts'
import { outcomesOf } from '#src/policy-test/outcome.ts'
import { policyTestOf } from '#src/policy-test/document.ts'
import type { Suite } from '#src/policy-test/suite.ts'

const suite = (...objects: readonly object[]): Suite =>
  ({
    template: { metadata: { name: 'titles' } } as PolicyTemplate,
    test: policyTestOf({
      apiVersion: 'cli.kradle.a5c.ai/v1alpha1',
      kind: 'PolicyTest',
      metadata: { name: 'x' },
      spec: { objects },
    }),
  }) as Suite
const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }
const said = (result: KyvernoSaid['result'], message = '') => new Map([['p', { result, message }]])
const nobody = new Map<string, KyvernoSaid>()
const problems = (
  expected: object,
  kyverno: ReadonlyMap<string, KyvernoSaid>,
  kradle: ReadonlyMap<string, KyvernoSaid>,
) => outcomesOf(suite({ object, ...expected }), kyverno, kradle)[0]?.problems

t.test('is as expected where both say so', async t => {
  t.strictSame(
    outcomesOf(suite({ object, result: 'pass' }), said('pass', 'success'), said('pass')),
    [
      {
        template: 'titles',
        test: 'x',
        object: 'Pod/p',
        expected: 'pass',
        kyverno: { result: 'pass', message: 'success' },
        kradle: { result: 'pass', message: '' },
        problems: [],
      },
    ],
  )
  const fails = { result: 'fail', message: 'wrong' }
  t.strictSame(problems(fails, said('fail', 'is wrong'), nobody), [])
  t.strictSame(problems(fails, nobody, said('fail', 'wrong it is')), [])
  t.strictSame(problems({ result: 'deleted' }, said('pass'), nobody), [])
})

t.test('says who says otherwise, and what', async t => {
  t.strictSame(problems({ result: 'pass' }, said('fail', 'no'), said('pass')), [
    'Kyverno says fail: no',
  ])
  t.strictSame(problems({ result: 'pass' }, said('pass'), said('skip')), ['Kradle says skip'])
  t.strictSame(problems({ result: 'fail', message: 'a' }, said('fail', 'b'), said('fail', 'c')), [
    'Kyverno does not say "a" but: b',
    'Kradle does not say "a" but: c',
  ])
  t.strictSame(problems({ result: 'deleted' }, said('fail'), nobody), ['Kyverno says kept'])
  t.strictSame(problems({ result: 'kept' }, said('pass'), nobody), ['Kyverno says deleted'])
  t.strictSame(problems({ result: 'kept' }, said('error', 'x'), nobody), ['Kyverno says error: x'])
  t.strictSame(problems({ result: 'pass' }, nobody, nobody), [], 'nobody judged it')
})
