import t from 'tap'
import type { Report } from '#src/api/policy-reports.ts'
import { pairsOf } from '#src/report/bound.ts'
import { linesOf } from '#src/report/lines.ts'
import { now } from '#test/fixtures.ts'
import {
  exemption,
  found,
  kyvernoReport,
  line,
  titleBinding,
  titleTemplate,
} from '#test/fixtures-report.ts'

const pairs = pairsOf([titleBinding()], [titleTemplate()])
const bound = {
  name: 'titles',
  mode: 'enforce' as const,
  template: 'kradle-system/titles',
  remediation: 'Write a longer title.',
}

t.test('says whose policy it is', async t => {
  const drafts = linesOf([kyvernoReport(found())], pairs, [], now)
  t.strictSame(
    drafts.map(each => [each.line, each.isStale]),
    [[line({ binding: bound }), false]],
  )
})

t.test('says who is exempt, and whether that was known when it was found', async t => {
  const drafts = (at?: string) => linesOf([kyvernoReport(found(at))], pairs, [exemption()], now)
  t.match(drafts(), [
    { isStale: true, exemptions: [{}], line: { exception: { name: 'for-short' } } },
  ])
  t.match(drafts('2026-11-21T11:58:00Z'), [
    { isStale: false, line: { exception: { holds: true } } },
  ])
  const passing = kyvernoReport(found('2026-11-21T11:58:00Z', { result: 'pass' }))
  t.match(linesOf([passing], pairs, [exemption()], now), [{ isStale: true }], 'and why?')
  const { timestamp: _, ...timeless } = found()
  t.match(linesOf([kyvernoReport(timeless)], pairs, [exemption()], now), [
    { isStale: true, line: { at: '' } },
  ])
})

t.test('takes the mode in force, and leaves out what is not there', async t => {
  const binding = { ...titleBinding(), status: { rollout: { mode: 'audit' as const } } }
  t.match(linesOf([kyvernoReport(found())], pairsOf([binding], []), [], now), [
    { line: { binding: { mode: 'audit', template: '', remediation: '' } } },
  ])
  const { remediation: _, ...spec } = titleTemplate().spec
  const pair = pairsOf([binding], [{ ...titleTemplate(), spec }])
  t.match(linesOf([kyvernoReport(found())], pair, [], now), [
    { line: { binding: { remediation: '' } } },
  ])
})

t.test("what Kradle says of its own rules is nobody's policy", async t => {
  const resources = [{ apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'kradle-org-acme' }]
  const report: Report = {
    ...kyvernoReport({ policy: 'pod/keys-are-granted', rule: 'R51', result: 'fail', resources }),
    source: 'kradle',
  }
  t.match(linesOf([report], pairs, [], now), [
    {
      pair: undefined,
      line: {
        policy: 'pod/keys-are-granted',
        rule: 'R51',
        source: 'kradle',
        object: { kind: 'Pod' },
        message: '',
        severity: 'medium',
      },
    },
  ])
})

t.test('one result for each object, policy and rule: the later', async t => {
  const later = found('2026-11-21T11:59:00Z', { result: 'pass' })
  for (const reports of [
    [kyvernoReport(found(), later)],
    [kyvernoReport(later), kyvernoReport(found())],
  ])
    t.match(linesOf(reports, pairs, [], now), [{ line: { result: 'pass' } }])
  t.equal(
    linesOf([kyvernoReport(found(), found(undefined, { rule: 'other' }))], pairs, [], now).length,
    2,
  )
})

t.test('what is of nobody, or says nothing, is not taken for fine', async t => {
  const { scope: _, ...nobody } = kyvernoReport(found())
  t.strictSame(linesOf([nobody], pairs, [], now), [])
  const { results: __, ...nothing } = kyvernoReport()
  t.strictSame(linesOf([nothing], pairs, [], now), [])
  const bare: Report = {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'PolicyReport',
    metadata: { name: 'x' },
    scope: { kind: 'Pod', name: 'web' },
    results: [{ policy: 'plain' }],
  }
  t.match(linesOf([bare], pairs, [], now), [
    {
      line: {
        result: 'error',
        policy: 'plain',
        source: '',
        object: { namespace: '', apiVersion: '' },
      },
    },
  ])
})
