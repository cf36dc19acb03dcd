import { kradle } from '../runner/objects.ts'
import type { Stage } from '../runner/stage.ts'
import { step, type Scenario } from '../scenario.ts'

const group = 'activity.kradle.a5c.ai/v1alpha1'
const A = 'a'.repeat(40)
const B = 'b'.repeat(40)

const update = { ref: 'refs/heads/main', oldCommit: A, newCommit: B }

/** What asks, as somebody, about an update; nothing is stored. */
const review = (
  on: Stage,
  who: string,
  spec: object,
  says: string | readonly string[],
): Parameters<Stage['comes']> => [
  ['create', '--raw', `/apis/${group}/namespaces/${on.namespace}/refupdatereviews`, '-f', '-'],
  {
    as: on.person(who),
    input: {
      apiVersion: group,
      kind: 'RefUpdateReview',
      metadata: { namespace: on.namespace },
      spec: { repository: 'app', ...spec },
    },
    says,
  },
]

/** Asks whether one may push this. */
const push = (on: Stage, who: string, change: object, says: readonly string[]) => {
  const known = { fastForward: true, signed: 'verified', mergeCommits: false }
  const updates = [{ ...update, ref: 'refs/heads/topic', ...known, ...change }]
  return on.comes(...review(on, who, { updates }, says))
}

const ALLOWED = '"allowed":true'
const DENIED = '"allowed":false'

export const refs: Scenario = {
  name: 'review/refs',
  title:
    'A RefUpdateReview says who may push where: ref policies bind everybody, protections not repository admins',
  rows: [18],
  rules: ['R71', 'R72', 'R73', 'R74', 'R75'],
  needs: ['activity'],
  steps: [
    step('a branch that nothing protects takes a push', on => push(on, 'mia', {}, [ALLOWED])),
    step('a protected one does not take it from a developer', on =>
      push(on, 'mia', { ref: 'refs/heads/main' }, [DENIED, 'BranchProtection', 'R74']),
    ),
    step('it does from an admin of the repository, and says what he passed', on =>
      push(on, 'max', { ref: 'refs/heads/main' }, [ALLOWED, '"passedAsAdmin":["main"]']),
    ),
    step('a ref that a RefPolicy denies is not for him either', on =>
      push(on, 'max', { ref: 'refs/tags/v1', newCommit: '0'.repeat(40) }, [
        DENIED,
        'RefPolicy',
        'R72',
        'A released version stays what it is.',
      ]),
    ),
    step('nor is a push by force', on =>
      push(on, 'max', { fastForward: false }, [DENIED, 'spec.forcePushPolicy']),
    ),
    step('nobody asks in somebody else’s name', on =>
      on.isRefused(
        ...review(on, 'mia', { actor: { user: on.person('max') }, updates: [update] }, 'orbidden'),
      ),
    ),
  ],
}

/** A repository, what holds for its refs, and who is its admin. */
export const policies = (on: Stage) => {
  const account = (name: string, subject: string) => [
    kradle('User', name, { displayName: name, email: `${name}@example.com` }),
    kradle('IdentityMapping', name, { user: name, provider: 'kubernetes', subject }),
  ]
  return [
    ...account('max', on.person('max')),
    ...account('mia', on.person('mia')),
    kradle('Repository', 'app', { visibility: 'private', refPolicyRef: 'released' }),
    kradle('RefPolicy', 'released', {
      repositories: ['app'],
      denyRules: [
        {
          name: 'tags-are-final',
          refs: ['refs/tags/v*'],
          operations: ['update', 'delete'],
          message: 'A released version stays what it is.',
        },
      ],
      forcePushPolicy: 'deny',
    }),
    kradle('BranchProtection', 'main', {
      repository: 'app',
      refs: ['main'],
      requiredReviews: 1,
      statusChecks: ['build'],
    }),
    kradle('RepositoryPermission', 'max', {
      repository: 'app',
      subject: { kind: 'user', name: 'max' },
      permission: 'admin',
    }),
    kradle('RepositoryPermission', 'mia', {
      repository: 'app',
      subject: { kind: 'user', name: 'mia' },
      permission: 'write',
    }),
  ]
}
