import t from 'tap'
import type { KubernetesObject } from '#src/api/object.ts'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import { agentPermissionReview } from '#src/apiserver/reviews/agent-permission-review.ts'
import { StatusError } from '#src/apiserver/status-error.ts'
import { account, namespace, secretGrant, stack } from '#test/fixtures-grants.ts'
import { cluster } from '#test/fixtures.ts'

const [resource] = readDefinitions('crds/reviews')
const counting = stack({ permissionRefs: { secretGrants: ['repairer-model'] } })

function asking(...objects: KubernetesObject[]) {
  const seen: unknown[] = []
  const review = agentPermissionReview({
    authorizer: {
      authorize: async ({ username }, access) => {
        seen.push(access)
        if (username !== 'jane') throw new StatusError(403, 'Forbidden', 'no')
      },
    },
    view: reads => {
      seen.push(...reads)
      return cluster(...objects)
    },
  })
  const ask = (spec: object = {}, username = 'jane') =>
    review({
      resource: resource!,
      namespace,
      spec: { agentStack: 'repairer', trigger: {}, ...spec },
      user: { username },
      signal: new AbortController().signal,
    })
  return { ask, seen }
}

const trusted = { ref: 'refs/heads/main', trigger: { trustTier: 'trusted' } }

t.test('whoever may get the stack may ask', async t => {
  const { ask, seen } = asking(counting, account(), secretGrant())
  await t.rejects(ask({}, 'joe'), { code: 403 })
  t.equal(seen.length, 1, 'nothing is read for him')
  await ask()
  t.match(seen.slice(1), [
    { verb: 'get', group: 'kradle.a5c.ai', resource: 'agentstacks', namespace, name: 'repairer' },
    { kind: { kind: 'AgentStack' }, name: 'repairer', namespace, fresh: 'on-miss' },
  ])
})

t.test('a stack that is not there', async t => {
  await t.rejects(asking().ask(), {
    code: 404,
    message: 'agentstacks.kradle.a5c.ai "repairer" not found',
  })
})

t.test('says the worst first, and what is there', async t => {
  t.strictSame(await asking(counting, account(), secretGrant()).ask(trusted), {
    allowed: true,
    result: 'allowed',
    results: [
      {
        requirement: { kind: 'account', name: 'repairer-account' },
        answer: 'allowed',
        rule: 'R43',
        reason: 'account "repairer-account" is there',
      },
      {
        requirement: { kind: 'secret', name: 'model', key: 'token' },
        answer: 'allowed',
        rule: 'R51',
        reason: 'grant "repairer-model" allows it',
        grant: 'repairer-model',
      },
    ],
  })
  t.match(await asking(counting, account()).ask(trusted), {
    allowed: false,
    result: 'missingGrant',
    results: [{ answer: 'missingGrant', manifest: /AgentSecretGrant/, fix: /created/ }, {}],
  })
  t.match(
    await asking(counting, account(), secretGrant({ requiredApproval: 'always' })).ask(trusted),
    { allowed: false, result: 'requiresApproval' },
  )
})

t.test('what is answered is what the schema says', async t => {
  for (const objects of [[counting], [counting, account()], [counting, account(), secretGrant()]]) {
    const { evaluator } = resource!
    const { object, strict } = evaluator.decode({
      apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
      kind: 'AgentPermissionReview',
      metadata: { name: 'x' },
      spec: { agentStack: 'repairer' },
      status: await asking(...objects).ask(),
    })
    t.strictSame(strict, [])
    t.strictSame(evaluator.createCauses(object), [])
    t.match(object, { spec: { trigger: {} } }, 'a trigger is filled in')
  }
})
