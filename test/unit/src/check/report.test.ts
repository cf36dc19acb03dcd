import t from 'tap'
import { jsonReport, summaryOf, tableReport } from '#src/check/report.ts'
import type { Verdict } from '#src/check/verdict.ts'

const verdict = (rest: Partial<Verdict> = {}): Verdict => ({
  file: 'a.yaml',
  line: 1,
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'Team',
  namespace: 'kradle-org-acme',
  name: 'core',
  result: 'accepted',
  operation: 'CREATE',
  causes: [],
  warnings: [],
  assumes: [],
  notes: [],
  unjudged: [],
  ...rest,
})
const refused = verdict({
  file: 'folder/b.yaml',
  line: 12,
  result: 'refused',
  causes: [{ source: 'schema', field: 'spec.x', message: 'spec.x: Required value' }],
})
const skipped = verdict({ kind: '', name: '', namespace: '', result: 'skipped' })
const warned = verdict({
  warnings: ['look out'],
  assumes: ['use agents "a"', 'use agents "a"'],
  notes: ['an exception'],
  unjudged: ['PolicyBinding "a"', 'PolicyBinding "a"'],
})

t.test('counts', async t => {
  t.strictSame(summaryOf([verdict(), refused, refused, skipped]), {
    accepted: 1,
    refused: 2,
    skipped: 1,
  })
})

t.test('prints a table with every reason below its manifest', async t => {
  t.equal(
    tableReport([verdict(), refused, skipped, warned]),
    `RESULT     OBJECT      NAMESPACE         FILE
accepted   Team/core   kradle-org-acme   a.yaml:1
refused    Team/core   kradle-org-acme   folder/b.yaml:12
  spec.x: Required value
skipped    ?/?         -                 a.yaml:1
accepted   Team/core   kradle-org-acme   a.yaml:1
  warning: look out
  note: an exception
2 accepted, 1 refused, 1 skipped
assuming that you may: use agents "a"
not judged here: PolicyBinding "a"
`,
  )
  t.equal(tableReport([]), '0 accepted, 0 refused, 0 skipped\n')
})

t.test('shows no control characters of a file', async t => {
  for (const mark of [
    '\u001b',
    '\n',
    '\u0085',
    '\u200b',
    '\u202e',
    '\u2028',
    '\u2029',
    '\u2066',
    '\ufeff',
  ])
    t.match(
      tableReport([verdict({ name: `a${mark}[2Jb` })]),
      'Team/a\ufffd[2Jb ',
      `U+${mark.codePointAt(0)!.toString(16)}`,
    )
})

t.test('prints JSON for programs', async t => {
  t.strictSame(JSON.parse(jsonReport([refused])), {
    summary: { accepted: 0, refused: 1, skipped: 0 },
    results: [refused],
  })
})
