import t from 'tap'
import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import type { RefPolicy } from '#src/api/data-plane/v1alpha1.ts'
import { policiesOf, policyReasons } from '#src/permissions/ref-update/ref-policy.ts'
import type { RefUpdate } from '#src/permissions/ref-update/update.ts'
import { cluster } from '#test/fixtures.ts'
import { bare, NONE, pullRequest, refPolicy, repository, update } from '#test/fixtures-refs.ts'

t.test('which policies hold for a repository', async t => {
  const policies = [
    refPolicy({}, 'all'),
    refPolicy({ repositories: [] }, 'named'),
    refPolicy({ repositories: [] }, 'nobodys'),
    refPolicy({ repositories: ['app'] }, 'one'),
    refPolicy({ repositories: ['lib'] }, 'other'),
  ]
  const names = (of = repository('app', { refPolicyRef: 'named' })) =>
    policiesOf(of, cluster(...policies)).map(({ metadata }) => metadata.name)
  t.strictSame(names(), ['all', 'named', 'one'])
  t.strictSame(names(repository()), ['all', 'one'])
  t.strictSame(names(repository('web', { refPolicyRef: 'other' })), ['all', 'other'])
})

const denying = (change: object = {}): Partial<RefPolicy['spec']> => ({
  denyRules: [
    { name: 'other', refs: ['next'], operations: ['create', 'update', 'delete'] },
    {
      name: 'tags',
      refs: ['refs/tags/v*', 'stable*'],
      operations: ['update', 'delete'],
      ...change,
    },
  ],
})
const tag = { ref: 'refs/tags/v1' }
const created = { oldCommit: NONE }
const deleted = { newCommit: NONE }

type Case = [spec: Partial<RefPolicy['spec']>, RefUpdate, fields: string[], PullRequest?]
const merging = { fastForward: false, pullRequest: 'change' }
const cases: Record<string, Case> = {
  'nothing is asked': [{}, bare(), []],
  'a ref that is denied': [denying(), update(tag), ['spec.denyRules[1]']],
  'its deletion': [denying(), update({ ...tag, ...deleted }), ['spec.denyRules[1]']],
  'its creation, which is not': [denying(), update({ ...tag, ...created }), []],
  'a branch by its short name': [denying(), update({ ref: 'stable-1' }), ['spec.denyRules[1]']],
  'a tag of that name': [denying(), update({ ref: 'refs/tags/stable-1' }), []],
  'no refs': [denying({ refs: [] }), update(tag), []],
  'no operations': [denying({ operations: [] }), update(tag), []],
  'force where it is denied': [
    { forcePushPolicy: 'deny' },
    update({ fastForward: false }),
    ['spec.forcePushPolicy'],
  ],
  'force by a pull request where it is denied': [
    { forcePushPolicy: 'deny' },
    update(merging),
    ['spec.forcePushPolicy'],
    pullRequest(),
  ],
  'what may be force': [
    { forcePushPolicy: 'deny' },
    bare({ signed: 'verified' }),
    ['spec.forcePushPolicy'],
  ],
  'no force': [{ forcePushPolicy: 'deny' }, update(), []],
  'a deletion is not force': [{ forcePushPolicy: 'deny' }, bare(deleted), []],
  'a creation is not force': [{ forcePushPolicy: 'deny' }, bare(created), []],
  'force where it is allowed': [{ forcePushPolicy: 'allow' }, update({ fastForward: false }), []],
  'force with review': [{ forcePushPolicy: 'allowWithReview' }, update(merging), [], pullRequest()],
  'force without a pull request': [
    { forcePushPolicy: 'allowWithReview' },
    update({ fastForward: false }),
    ['spec.forcePushPolicy'],
  ],
  'force without review': [
    { forcePushPolicy: 'allowWithReview' },
    update(merging),
    ['spec.forcePushPolicy'],
    pullRequest({}, { approvals: 0 }),
  ],
  'force by a pull request into another branch': [
    { forcePushPolicy: 'allowWithReview' },
    update(merging),
    ['spec.forcePushPolicy'],
    pullRequest({ target: { ref: 'next' } }),
  ],
  'force by a pull request that is not there': [
    { forcePushPolicy: 'allowWithReview' },
    update(merging),
    ['spec.forcePushPolicy'],
  ],
  'signatures that are required': [{ signingPolicy: 'required' }, update(), []],
  'none where they are required': [
    { signingPolicy: 'required' },
    update({ signed: 'none' }),
    ['spec.signingPolicy'],
  ],
  'wrong ones where they are required': [
    { signingPolicy: 'required' },
    update({ signed: 'wrong' }),
    ['spec.signingPolicy'],
  ],
  'unsaid where they are required': [
    { signingPolicy: 'required' },
    bare(created),
    ['spec.signingPolicy'],
  ],
  'none where they are optional': [{ signingPolicy: 'optional' }, update({ signed: 'none' }), []],
  'wrong ones where they are optional': [
    { signingPolicy: 'optional' },
    update({ signed: 'wrong' }),
    ['spec.signingPolicy'],
  ],
  'unsaid where they are optional': [{ signingPolicy: 'optional' }, bare(), ['spec.signingPolicy']],
  'where nobody looks': [{ signingPolicy: 'disabled' }, update({ signed: 'wrong' }), []],
  'a deletion brings no commits': [
    { signingPolicy: 'required', linearHistoryPolicy: 'required' },
    bare(deleted),
    [],
  ],
  'no merges': [{ linearHistoryPolicy: 'required' }, update(), []],
  'merges where history is linear': [
    { linearHistoryPolicy: 'required' },
    update({ mergeCommits: true }),
    ['spec.linearHistoryPolicy'],
  ],
  'unsaid where history is linear': [
    { linearHistoryPolicy: 'required' },
    bare(),
    ['spec.linearHistoryPolicy'],
  ],
  'merges where they are welcome': [
    { linearHistoryPolicy: 'optional' },
    update({ mergeCommits: true }),
    [],
  ],
  'everything at once': [
    {
      ...denying({ refs: ['*'] }),
      forcePushPolicy: 'deny',
      signingPolicy: 'required',
      linearHistoryPolicy: 'required',
    },
    bare(),
    ['spec.denyRules[1]', 'spec.forcePushPolicy', 'spec.signingPolicy', 'spec.linearHistoryPolicy'],
  ],
}
for (const [name, [spec, of, fields, request]] of Object.entries(cases))
  t.test(name, async t => {
    const reasons = policyReasons(refPolicy(spec), of, 'app', request)
    t.strictSame(
      reasons.map(({ field }) => field),
      fields,
    )
    for (const { policy, rule, message } of reasons) {
      t.strictSame(policy, { kind: 'RefPolicy', name: 'policy' })
      t.equal(rule, 'R72')
      t.match(message, /: \S/, 'says the way out')
    }
  })

t.test('a rule has its own words, or ours', async t => {
  const said = (spec: Partial<RefPolicy['spec']>) =>
    policyReasons(refPolicy(spec), update(tag), 'app', undefined)[0]?.message
  t.equal(
    said(denying({ message: 'tag anew' })),
    'rule "tags" of RefPolicy "policy" lets nobody update refs/tags/v1: tag anew',
  )
  t.match(said(denying()), /: write to another ref, or have the rule changed/)
})
