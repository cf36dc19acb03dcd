import t from 'tap'
import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import type { BranchProtection } from '#src/api/control-plane/v1alpha1.ts'
import { protectionReasons, protectionsOf } from '#src/permissions/ref-update/branch-protection.ts'
import type { RefUpdate } from '#src/permissions/ref-update/update.ts'
import { cluster } from '#test/fixtures.ts'
import { bare, namespace, NONE, protection, pullRequest, update } from '#test/fixtures-refs.ts'

t.test('which protections a ref has', async t => {
  const all = cluster(
    protection({}, 'all'),
    protection({ refs: ['refs/heads/rel*'] }, 'releases'),
    protection({ repository: 'app', refs: ['ma*'] }, 'ours'),
    protection({ repository: 'lib' }, 'theirs'),
    protection({ refs: [] }, 'nothing'),
  )
  const names = (ref: string) =>
    protectionsOf(ref, 'app', namespace, all).map(({ metadata }) => metadata.name)
  t.strictSame(names('main'), ['all', 'ours'])
  t.strictSame(names('refs/heads/main'), ['all', 'ours'])
  t.strictSame(names('refs/heads/rel/1'), ['releases'])
  t.strictSame(names('refs/tags/main'), [])
})

type Case = [Partial<BranchProtection['spec']>, RefUpdate, says: string[], PullRequest?]
const free = { requirePullRequest: false }
const direct = ['R74 spec.requirePullRequest']
const force = 'R73 spec.allowForcePush'
const deletion = ['R73 spec.allowDeletion']
const cases: Record<string, Case> = {
  'a direct push': [{}, update(), direct],
  'a creation': [{}, update({ oldCommit: NONE }), direct],
  'a direct push where it may be': [free, update(), []],
  'a direct push with force': [{}, update({ fastForward: false }), [...direct, force]],
  'what may be force': [free, bare(), [force]],
  'force where it may be': [{ ...free, allowForcePush: true }, bare(), []],
  'a creation where it may be': [free, bare({ oldCommit: NONE }), []],
  'a deletion': [{}, bare({ newCommit: NONE }), deletion],
  'a deletion where admins are bound': [
    { enforceAdmins: true },
    bare({ newCommit: NONE }),
    deletion,
  ],
  'a deletion where it may be': [{ allowDeletion: true }, bare({ newCommit: NONE }), []],
  'a merge': [{}, update({ pullRequest: 'change' }), [], pullRequest()],
  'a merge with force': [
    {},
    update({ pullRequest: 'change', fastForward: false }),
    [force],
    pullRequest(),
  ],
  'a merge of nothing': [{}, update({ pullRequest: 'change' }), direct],
  'a merge into another branch': [
    {},
    update({ pullRequest: 'change' }),
    direct,
    pullRequest({ target: { ref: 'next' } }),
  ],
  'a merge that is not ready': [
    { requiredReviews: 2, statusChecks: ['build'] },
    update({ pullRequest: 'change' }),
    ['R76 spec.requiredReviews', 'R76 spec.statusChecks'],
    pullRequest(),
  ],
}
for (const [name, [spec, of, says, request]] of Object.entries(cases))
  t.test(name, async t => {
    const reasons = protectionReasons(protection(spec), of, 'app', request)
    t.strictSame(
      reasons.map(({ rule, field }) => `${rule} ${field}`),
      says,
    )
    for (const { policy, message } of reasons) {
      t.strictSame(policy, { kind: 'BranchProtection', name: 'protection' })
      t.match(message, /^BranchProtection "protection" /)
    }
  })

t.test('says the way out', async t => {
  const deleting = (spec: object) =>
    protectionReasons(protection(spec), bare({ newCommit: NONE }), 'app', undefined)[0]!.message
  t.match(deleting({}), /ask an admin of the repository$/)
  t.match(deleting({ enforceAdmins: true }), /to change the protection, which binds admins too$/)
  const [early] = protectionReasons(
    protection({ statusChecks: ['build'] }),
    update({ pullRequest: 'change' }),
    'app',
    pullRequest(),
  )
  t.equal(
    early!.message,
    'BranchProtection "protection" does not let PullRequest "change" be merged, since "build" has not passed on its head: wait for the check, or mend what it found',
  )
})
