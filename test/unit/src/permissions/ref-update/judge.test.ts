import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { judgeRefUpdates } from '#src/permissions/ref-update/judge.ts'
import type { RefUpdate } from '#src/permissions/ref-update/update.ts'
import { user } from '#test/fixtures-identity.ts'
import {
  namespace,
  permission,
  protection,
  pullRequest,
  refPolicy,
  repository,
  update,
} from '#test/fixtures-refs.ts'
import { cluster } from '#test/fixtures.ts'

const judge = (objects: KubernetesObject[], updates: RefUpdate[] = [update()], by?: string) =>
  judgeRefUpdates(
    {
      namespace,
      repository: 'app',
      user: by,
      updates,
      pullRequests: new Map([['change', pullRequest()]]),
    },
    cluster(repository(), user(), permission(), ...objects),
  )
const denies = { denyRules: [{ name: 'all', refs: ['*'], operations: ['update' as const] }] }
const kinds = (status: ReturnType<typeof judge>) =>
  status.results.map(({ reasons = [] }) => reasons.map(({ policy }) => policy.kind))

t.test('policies speak first, and both may deny', async t => {
  t.strictSame(judge([]), { allowed: true, results: [{ ref: 'refs/heads/main', allowed: true }] })
  const both = [protection(), refPolicy(denies), refPolicy(denies, 'second')]
  t.strictSame(kinds(judge(both)), [['RefPolicy', 'RefPolicy', 'BranchProtection']])
})

t.test('an admin of the repository passes protections, and no policies', async t => {
  t.strictSame(judge([protection()], [update()], 'jane'), {
    allowed: true,
    results: [{ ref: 'refs/heads/main', allowed: true, passedAsAdmin: ['protection'] }],
  })
  t.equal(judge([protection()], [update()], 'joe').allowed, false)
  t.strictSame(kinds(judge([protection(), refPolicy(denies)], [update()], 'jane')), [['RefPolicy']])
  t.strictSame(kinds(judge([protection({ enforceAdmins: true })], [update()], 'jane')), [
    ['BranchProtection'],
  ])
  const quiet = judge([protection({ requirePullRequest: false })], [update()], 'jane')
  t.notOk(quiet.results[0]!.passedAsAdmin, 'there was nothing to pass')
})

t.test('each update has its answer, and one refusal is enough', async t => {
  const updates = [
    update({ ref: 'topic' }),
    update(),
    update({ ref: 'main', pullRequest: 'change' }),
    update({ ref: 'main', pullRequest: 'absent' }),
  ]
  const { allowed, results } = judge([protection()], updates)
  t.equal(allowed, false)
  t.strictSame(
    results.map(result => result.allowed),
    [true, false, true, false],
  )
})

t.test('a repository that does not exist takes nothing', async t => {
  const status = judgeRefUpdates(
    {
      namespace,
      repository: 'gone',
      user: 'jane',
      updates: [update()],
      pullRequests: new Map(),
    },
    cluster(repository(), user(), permission()),
  )
  t.match(status, {
    allowed: false,
    results: [{ reasons: [{ policy: { kind: 'Repository', name: 'gone' }, rule: 'R71' }] }],
  })
})
