import t from 'tap'
import type { Line } from '#src/report/line.ts'
import { sarifReport } from '#src/report/sarif.ts'
import { line } from '#test/fixtures-report.ts'
import { sarifProblems } from '#test/support/sarif.ts'

const runOf = (...lines: Line[]) => JSON.parse(sarifReport(lines)).runs[0]
const exception = {
  name: 'for-short',
  until: '2026-11-21T13:00:00Z',
  approvedBy: 'ada',
  holds: true,
}

t.test('has what SARIF 2.1.0 requires, with nothing to say too', async t => {
  t.match(JSON.parse(sarifReport([])), {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'kradle', rules: [] } }, results: [] }],
  })
})

t.test('every outcome of every severity is as SARIF 2.1.0 demands', async t => {
  const results = ['pass', 'fail', 'warn', 'error', 'skip'] as const
  const severities = ['critical', 'high', 'medium', 'low', 'info'] as const
  const odd = { ...line().object, namespace: '', kind: 'Ünï:code', name: 'a b/c%?#' }
  const lines = results.flatMap(result =>
    severities.flatMap(severity => [
      line({ result, severity, policy: severity }),
      line({ result, severity, rule: 'R51', message: '', at: '', judged: 'not yet', object: odd }),
      line({ result, severity, exception, judged: 'anew' }),
      line({ result, exception: { ...exception, holds: false } }),
      line({
        result,
        binding: { name: 'titles', mode: 'enforce', template: 'a/b', remediation: 'Write.' },
      }),
    ]),
  )
  t.strictSame(sarifProblems(JSON.parse(sarifReport(lines))), [])
  t.strictSame(sarifProblems(JSON.parse(sarifReport([]))), [])
})

t.test('what is against SARIF would be found', async t => {
  const whole = sarifReport([line({ result: 'error', exception })])
  const cases = [
    ['"level": "none"', '"level": "error"', 'results[0] is open and has level error'],
    ['"ruleIndex": 0', '"ruleIndex": 1', 'results[0] has a rule that is not at its index'],
    ['"ruleIndex": 0', '"ruleIndex": "0"', 'log.runs[0].results[0].ruleIndex is no index'],
    ['"version": "2.1.0"', '"version": "2.0"', 'log.version is none of 2.1.0'],
    ['"columnKind"', '"columns"', 'log.runs[0].columns is unknown'],
    ['"name": "kradle"', '"version": "1"', 'log.runs[0].tool.driver.name is missing'],
    ['"kind": "external"', '"kind": "x"', 'suppressions[0].kind is none of inSource, external'],
    ['"uri": "', '"uri": "a b', 'artifactLocation.uri is no URI reference'],
    ['"uri": "', '"uri": "1:', 'artifactLocation.uri is no URI reference'],
    ['"results": [', '"results": [7, ', 'log.runs[0].results[0] is no object'],
  ] as const
  for (const [from, to, problem] of cases) {
    const problems = sarifProblems(JSON.parse(whole.replace(from, to)))
    t.ok(
      problems.some(each => each.endsWith(problem)),
      problem,
      { problems },
    )
  }
})

t.test('a result names its rule by id and place, and its object', async t => {
  const binding = {
    name: 'titles',
    mode: 'audit',
    template: 'a/titles',
    remediation: 'Write.',
  } as const
  const { tool, results } = runOf(
    line({ policy: 'pod/keys-are-granted', rule: 'R51', severity: 'critical', at: '' }),
    line({ binding }),
    line({
      object: { ...line().object, name: 'other', namespace: '' },
      message: '',
      judged: 'anew',
    }),
  )
  t.match(tool.driver.rules, [
    {
      id: 'pod/keys-are-granted/R51',
      shortDescription: { text: 'pod/keys-are-granted' },
      defaultConfiguration: { level: 'error' },
    },
    {
      id: 'kradle-acme-titles',
      shortDescription: { text: 'kradle-acme-titles, made of template a/titles' },
      help: { text: 'Write.' },
      defaultConfiguration: { level: 'warning' },
    },
  ])
  t.match(results, [
    { ruleId: 'pod/keys-are-granted/R51', ruleIndex: 0, level: 'error', kind: 'fail' },
    {
      ruleIndex: 1,
      message: { text: 'too short' },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'kradle-org-acme/PullRequest/short' } },
          logicalLocations: [
            {
              name: 'short',
              fullyQualifiedName:
                'activity.kradle.a5c.ai/v1alpha1/kradle-org-acme/PullRequest/short',
            },
          ],
        },
      ],
      properties: { binding: 'titles', mode: 'audit', at: '2026-11-21T11:50:00Z' },
    },
    { message: { text: 'fail by KyvernoValidatingPolicy' }, properties: { judged: 'anew' } },
  ])
  const prints = results.map(
    (each: { partialFingerprints: object }) => Object.values(each.partialFingerprints)[0],
  )
  t.equal(new Set(prints).size, 3)
  t.strictSame(
    runOf(line({ message: 'other words' })).results[0].partialFingerprints,
    results[1].partialFingerprints,
  )
})

t.test('levels are for failures alone, and what is exempt is suppressed', async t => {
  const outcome = (rest: Partial<Line>) => {
    const { kind, level, suppressions } = runOf(line(rest)).results[0]
    return [kind, level, suppressions?.[0].status]
  }
  t.strictSame(outcome({ severity: 'low' }), ['fail', 'note', undefined])
  t.strictSame(outcome({ result: 'warn' }), ['fail', 'note', undefined])
  t.strictSame(outcome({ result: 'error' }), ['open', 'none', undefined])
  t.strictSame(outcome({ result: 'pass' }), ['pass', 'none', undefined])
  t.strictSame(outcome({ result: 'skip' }), ['notApplicable', 'none', undefined])
  t.strictSame(outcome({ result: 'skip', exception }), ['fail', 'warning', 'accepted'])
  t.strictSame(outcome({ exception: { ...exception, holds: false } }), [
    'fail',
    'warning',
    undefined,
  ])
  t.match(runOf(line({ exception })).results[0].suppressions, [
    { kind: 'external', justification: /for-short.*13:00:00Z.*ada/ },
  ])
})
