import t from 'tap'
import type { Summary } from '#src/report/line.ts'
import { tableReport } from '#src/report/table.ts'
import { line } from '#test/fixtures-report.ts'

const summary: Summary = { fail: 1, error: 0, warn: 0, skip: 0, pass: 9 }
const binding = {
  name: 'titles',
  mode: 'audit',
  template: 'kradle-system/titles',
  remediation: 'Write more.',
} as const
const exception = {
  name: 'for-short',
  until: '2026-11-21T13:00:00Z',
  approvedBy: 'ada',
  holds: true,
}

t.test('says nothing but how many, where there is nothing to say', async t => {
  t.equal(tableReport(summary, [], 0), '1 fail, 0 error, 0 warn, 0 skip, 9 pass\n')
})

t.test('says what is wrong, whose policy it is, what to do and who is exempt', async t => {
  const lines = [
    line({ binding, exception }),
    line({
      rule: 'R51',
      at: '',
      message: '',
      binding: { ...binding, template: '', remediation: '' },
    }),
    line({
      message: 'too short. Write more.',
      binding,
      exception: { ...exception, holds: false },
      judged: 'not yet',
    }),
  ]
  t.equal(
    tableReport(summary, lines, 3),
    `RESULT   OBJECT              NAMESPACE         POLICY                   SINCE
fail     PullRequest/short   kradle-org-acme   kradle-acme-titles       2026-11-21T11:50:00Z
  too short
  PolicyBinding "titles" (audit) of template kradle-system/titles
  Write more.
  exception "for-short" until 2026-11-21T13:00:00Z, approved by "ada"
fail     PullRequest/short   kradle-org-acme   kradle-acme-titles R51   -
  PolicyBinding "titles" (audit)
fail     PullRequest/short   kradle-org-acme   kradle-acme-titles       2026-11-21T11:50:00Z
  too short. Write more.
  PolicyBinding "titles" (audit) of template kradle-system/titles
  exception "for-short" ended at 2026-11-21T13:00:00Z, approved by "ada"
  found before the exception began or ended; the next scan says what holds now
1 fail, 0 error, 0 warn, 0 skip, 9 pass
3 of them are more than reports list
`,
  )
})

t.test('nothing that is said moves the cursor', async t => {
  const text = tableReport(summary, [line({ message: 'a\u001b[31mb\u202ec' })], 0)
  t.match(text, '  a\u{fffd}[31mb\u{fffd}c\n')
})
