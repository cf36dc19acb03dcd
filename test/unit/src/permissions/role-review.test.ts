import t from 'tap'
import { judgeRole } from '#src/permissions/role-review.ts'
import { roleBinding } from '#test/fixtures-grants.ts'

const holder = { stack: 'repairer', account: 'repairer-account', repository: 'app' }
const drift = { type: 'NativeBindingSynced', status: 'False', reason: 'DriftEscalates' } as const
const onApp = { scope: { kind: 'repository' as const, repositories: ['app'] } }

const cases = {
  'allows a binding of the stack': { binding: roleBinding(), want: { answer: 'allowed' } },
  'allows a binding of its account': {
    binding: roleBinding({ subject: { kind: 'agent-service-account', name: 'repairer-account' } }),
    want: { answer: 'allowed', grant: 'repairer-reads' },
  },
  'allows a binding on the repository': {
    binding: roleBinding(onApp),
    want: { answer: 'allowed' },
  },
  'denies a binding of another stack, before all else': {
    binding: roleBinding({ subject: { kind: 'agent-stack', name: 'other' } }, {}, drift),
    want: { answer: 'denied', rule: 'R65' },
  },
  'denies a binding of an account that is called like the stack': {
    binding: roleBinding({ subject: { kind: 'agent-service-account', name: 'repairer' } }),
    want: { answer: 'denied', rule: 'R65' },
  },
  'reports drift that escalates, even of a binding that is going': {
    binding: roleBinding({}, { deletionTimestamp: '2026-11-21T12:00:00Z' }, drift),
    want: { answer: 'driftedNativeObject', fix: /kradle-agent-repairer-reads/ },
  },
  'denies a binding with no native role behind it': {
    binding: roleBinding({}, {}, { ...drift, reason: 'NotOurs' }),
    want: { answer: 'denied', reason: /NativeBindingSynced is False, NotOurs/ },
  },
  'denies a role that was refused as an escalation': {
    binding: roleBinding({}, {}, { ...drift, type: 'EscalationAdmitted', reason: 'Refused' }),
    want: { answer: 'denied', rule: 'R44' },
  },
  'takes no notice of conditions that hold, or are about something else': {
    binding: roleBinding({}, {}, { ...drift, status: 'True' }),
    want: { answer: 'allowed' },
  },
  'calls a binding stale that is going': {
    binding: roleBinding({}, { deletionTimestamp: '2026-11-21T12:00:00Z' }),
    want: { answer: 'staleGrant' },
  },
  'denies a binding on other repositories': {
    binding: roleBinding({ scope: { kind: 'repository', repositories: ['web'] } }),
    want: { answer: 'denied', reason: /not for repository "app"/ },
  },
  'denies a binding on no repository': {
    binding: roleBinding({ scope: { kind: 'repository' } }),
    want: { answer: 'denied' },
  },
}

for (const [name, { binding, want }] of Object.entries(cases))
  t.test(name, async t => {
    t.match(judgeRole(binding, holder), want)
  })

t.test('says that no repository is stated', async t => {
  t.match(judgeRole(roleBinding(onApp), { ...holder, repository: undefined }), {
    answer: 'denied',
    reason: /none is stated/,
  })
  t.match(judgeRole(roleBinding({}, {}, { ...drift, type: 'Ready' }), holder), {
    answer: 'allowed',
  })
})
