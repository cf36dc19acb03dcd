import t from 'tap'
import type { PullRequest } from '#src/api/activity/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { refUpdateReview } from '#src/apiserver/reviews/ref-update-review.ts'
import type { ReviewSources } from '#src/apiserver/reviews/review.ts'
import { StatusError } from '#src/apiserver/status-error.ts'
import { mapping, user } from '#test/fixtures-identity.ts'
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

const [, resource] = readDefinitions('crds/reviews')
const world = [
  repository(),
  protection(),
  permission(),
  user(),
  mapping(),
  mapping('jane-at-home', { spec: { user: 'jane' } }),
  mapping('joe'),
]

/** Who asks may ask about others where he is an admin. */
function asking(objects: KubernetesObject[] = world) {
  const authorized: unknown[] = []
  const reads: unknown[] = []
  const sources: ReviewSources = {
    authorizer: {
      authorize: async ({ username }, access) => {
        authorized.push(access)
        if (username !== 'admin') throw new StatusError(403, 'Forbidden', 'no')
      },
    },
    view: wanted => {
      reads.push(...wanted)
      return cluster(...objects)
    },
    readOwn: (async (kind: typeof PullRequest, name: string) => {
      reads.push(`${kind.plural} ${name}`)
      return name === 'change' ? pullRequest() : undefined
    }) as ReviewSources['readOwn'],
  }
  const ask = (username: string | undefined, spec: object = {}) =>
    refUpdateReview(sources)({
      resource: resource!,
      namespace,
      spec: { repository: 'app', updates: [update()], ...spec },
      user: username === undefined ? {} : { username },
      signal: new AbortController().signal,
    }) as Promise<{ allowed: boolean; results: object[] }>
  return { ask, authorized, reads }
}

t.test('judges who asks', async t => {
  const { ask, authorized, reads } = asking()
  t.match(await ask('jane'), { allowed: true, results: [{ passedAsAdmin: ['protection'] }] })
  t.match(await ask('joe'), { allowed: false })
  t.match(await ask(undefined), { allowed: false })
  t.strictSame(authorized, [])
  t.match(reads[0], { kind: { kind: 'Repository' }, name: 'app', namespace, fresh: 'on-miss' })
})

t.test('by whatever name he calls himself', async t => {
  const { ask, authorized } = asking()
  for (const [username, actor] of [
    ['jane', { username: 'jane' }],
    ['jane', { user: 'jane' }],
    ['jane', { username: 'jane-at-home' }],
    ['jane-at-home', { user: 'jane' }],
  ] as const)
    t.equal((await ask(username, { actor })).allowed, true)
  t.equal((await ask('stranger', { actor: { username: 'stranger' } })).allowed, false)
  t.strictSame(authorized, [])
})

t.test('others with the verb review, for that repository', async t => {
  const { ask, authorized } = asking()
  for (const actor of [{ username: 'jane' }, { user: 'jane' }]) {
    await t.rejects(ask('joe', { actor }), { code: 403 })
    await t.rejects(ask('stranger', { actor }), { code: 403 })
    t.equal((await ask('admin', { actor })).allowed, true)
  }
  t.equal((await ask('admin', { actor: { username: 'stranger' } })).allowed, false)
  await t.rejects(ask('stranger', { actor: { username: 'nobody' } }), { code: 403 })
  t.match(authorized[0], {
    verb: 'review',
    group: 'activity.kradle.a5c.ai',
    resource: 'refupdatereviews',
    namespace,
    name: 'app',
  })
})

t.test('pull requests that are named are read, each once', async t => {
  const { ask, reads } = asking()
  const merge = update({ pullRequest: 'change' })
  const none = update({ ref: 'next', pullRequest: 'absent' })
  t.match(await ask('joe', { updates: [merge, merge, none] }), {
    results: [{ allowed: true }, { allowed: true }, { allowed: true }],
  })
  t.strictSame(reads.slice(1), ['pullrequests change', 'pullrequests absent'])
})

t.test('what is answered is what the schema says', async t => {
  const { ask } = asking([
    ...world,
    refPolicy({ denyRules: [{ name: 'a', refs: ['*'], operations: ['update'] }] }),
  ])
  const object = {
    apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
    kind: 'RefUpdateReview',
    metadata: { name: 'x' },
    spec: { repository: 'app', updates: [update()] },
  }
  for (const who of ['jane', 'joe']) {
    const { evaluator } = resource!
    const decoded = evaluator.decode({ ...object, status: await ask(who) })
    t.strictSame(decoded.strict, [])
    t.strictSame(evaluator.createCauses(decoded.object), [])
  }
})
