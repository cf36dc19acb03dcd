import t from 'tap'
import type { AdmissionRequest } from '#src/api/admission/v1.ts'
import { OrgNamespaceBinding, Organization, Team } from '#src/api/identity/v1alpha1.ts'
import { ANNOTATION_CONFIRM_DELETE } from '#src/api/names.ts'
import { answer, type Mode } from '#src/admission/review.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { KradleError } from '#src/lib/errors.ts'
import { admissionRequest, binding, cluster, organization, team, tenant } from '#test/fixtures.ts'
import { accessOf, noAccess } from '#webhooks/access.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { registry } from '#webhooks/registry.ts'
import { allow, rule, warn, type Access, type AccessReview, type Read } from '#webhooks/rule.ts'

const shipped = registry(rules, mutations)
const acme = cluster(organization(), binding(), tenant())
const ask = (
  mode: Mode,
  request: AdmissionRequest | object | undefined,
  view: (reads: readonly Read[]) => Cluster | Promise<Cluster> = () => acme,
) =>
  answer(mode, { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }, shipped, {
    view,
    ask: async () => noAccess,
  })

const create = admissionRequest('CREATE', Team, team())
const { uid } = create
const bare = admissionRequest('CREATE', Team, {
  ...team(),
  metadata: { name: 'core', namespace: 'kradle-org-acme' },
})
const fail = (error: unknown) => () => Promise.reject(error)

t.test('allows with the uid and nothing else where there is nothing to say', async t => {
  const { response, decision, error, request } = await ask('validate', create)
  t.strictSame(response, { uid, allowed: true })
  t.equal(decision?.allowed, true)
  t.equal(request?.name, 'core')
  t.equal(error, undefined)
})

t.test('refuses with every reason as message and as cause', async t => {
  const foreign = team('acme', { spec: { organizationRef: 'globex' } })
  const { response, error } = await ask('validate', admissionRequest('CREATE', Team, foreign))
  t.match(response, {
    uid,
    allowed: false,
    status: {
      code: 403,
      reason: 'Forbidden',
      message: /^spec.organizationRef: "globex" is not/,
      details: { causes: [{ reason: 'FieldValueForbidden', field: 'spec.organizationRef' }] },
    },
    auditAnnotations: { 'denied-by': 'org-scoped/namespace-is-bound' },
  })
  t.equal(error, undefined, 'a refusal is no failure')
})

t.test('passes warnings on', async t => {
  const annotations = { [ANNOTATION_CONFIRM_DELETE]: 'acme' }
  const going = admissionRequest('DELETE', Organization, organization('acme', { annotations }))
  const { response } = await ask('validate', going)
  t.match(response, { allowed: true, warnings: [/everything in it is deleted too/] })
})

t.test('patches in mutate alone: the API server refuses a patch from validate', async t => {
  const { response } = await ask('mutate', bare)
  t.equal(response.patchType, 'JSONPatch')
  t.strictSame(JSON.parse(Buffer.from(response.patch ?? '', 'base64').toString()), [
    { op: 'add', path: '/metadata/labels', value: { 'kradle.a5c.ai/org': 'acme' } },
  ])
  t.strictSame((await ask('validate', bare)).response, { uid, allowed: true })
})

t.test(
  'reads what rules and mutations of the request want, and for mutate the latter alone',
  async t => {
    const wanted = async (mode: Mode, request: AdmissionRequest) => {
      let reads: readonly Read[] = []
      await ask(mode, request, asked => {
        reads = asked
        return acme
      })
      return reads.map(({ kind, name, fresh }) => `${fresh} ${kind.kind} ${name}`)
    }
    t.strictSame(await wanted('validate', create), ['on-miss OrgNamespaceBinding acme'])
    t.strictSame(await wanted('mutate', create), ['on-miss OrgNamespaceBinding acme'])
    const bind = admissionRequest('CREATE', OrgNamespaceBinding, binding())
    t.strictSame(await wanted('validate', bind), ['live Organization acme'])
    t.strictSame(await wanted('mutate', bind), [])
    const untouched = admissionRequest('UPDATE', Team, team(), team())
    t.strictSame(await wanted('validate', untouched), [], 'nothing for what no rule may block')
  },
)

const malformed: Record<string, { body: unknown; uid?: string }> = {
  'no body': { body: undefined },
  null: { body: null },
  'a number': { body: 7 },
  'a list': { body: [] },
  'no request': { body: {} },
  'a request that is no map': { body: { request: 'x' } },
  'a request without a uid': { body: { request: { ...create, uid: undefined } } },
  'a uid that is no text': { body: { request: { ...create, uid: 7 } } },
  'an unknown operation': { body: { request: { ...create, operation: 'PATCH' } }, uid },
  'a spec that is no map': {
    body: { request: { ...create, object: { metadata: {}, spec: 'hunter2' } } },
    uid,
  },
}
for (const [name, { body, uid: sent = '' }] of Object.entries(malformed))
  for (const mode of ['validate', 'mutate'] as const)
    t.test(`refuses ${name} in ${mode} as malformed`, async t => {
      const { response, decision, error } = await answer(mode, body, shipped, {
        view: () => acme,
        ask: async () => noAccess,
      })
      t.match(response, {
        uid: sent,
        allowed: false,
        status: {
          code: 400,
          reason: 'BadRequest',
          message: /^not a review that can be decided on/,
        },
      })
      t.equal(decision, undefined)
      t.match(error, { code: 'MalformedRequest' })
      t.notMatch(JSON.stringify(response), 'hunter2')
    })

const failures: Record<string, { error: unknown; says: string }> = {
  'a read that takes too long': {
    error: new KradleError('RequestTimeout', 'hunter2'),
    says: 'KradleError RequestTimeout',
  },
  'an error without a code': { error: new TypeError('hunter2'), says: 'TypeError' },
  'something thrown that is no error': { error: 'hunter2', says: 'an unknown error' },
}
for (const [name, { error, says }] of Object.entries(failures))
  t.test(`refuses after ${name}, and quotes nothing of it`, async t => {
    const { response, request, decision, error: cause } = await ask('validate', create, fail(error))
    t.strictSame(response, {
      uid,
      allowed: false,
      status: {
        code: 503,
        reason: 'ServiceUnavailable',
        message: `nothing was decided, so nothing was written: ${says}; try again`,
      },
    })
    t.equal(request?.name, 'core')
    t.equal(decision, undefined)
    t.equal(cause, error)
  })

t.test(
  'asks for the rights of the requester after the objects are there, and refuses without an answer',
  async t => {
    const right = {
      verb: 'use',
      group: 'kradle.a5c.ai',
      resource: 'agentserviceaccounts',
      namespace: 'kradle-org-acme',
      name: 'builder',
    }
    const asking = registry(
      {
        'team/use': rule({
          kinds: [Team],
          operations: ['CREATE', 'UPDATE'],
          enforces: ['R42'],
          watches: [Organization],
          reviews: (_, seen) =>
            seen.get(Organization, 'acme', 'kradle-system') ? [right] : [{ ...right, name: 'x' }],
          decide: (_, __, access) => (access.allowed(right) ? allow : warn('refused')),
        }),
      },
      {},
    )
    const body = { request: create }
    const asked: unknown[] = []
    const source = (access: () => Promise<Access>) => ({
      view: () => acme,
      ask: (user: object, reviews: readonly object[]) => {
        asked.push(user, ...reviews)
        return access()
      },
    })
    const granted = await answer(
      'validate',
      body,
      asking,
      source(async () => accessOf([[right, true]])),
    )
    t.equal(granted.response.allowed, true)
    t.strictSame(asked, [create.userInfo, right])
    const failed = await answer(
      'validate',
      body,
      asking,
      source(async () => {
        throw new KradleError('ConnectionFailed', 'gone')
      }),
    )
    t.match(failed.response, { allowed: false, status: { code: 503 } })
    t.equal(
      (
        await answer(
          'mutate',
          body,
          asking,
          source(async () => noAccess),
        )
      ).response.allowed,
      true,
    )
    t.equal(asked.length, 4, 'a mutation asks nothing')
  },
)

t.test('asks in rounds while a rule wants to know more, but not for ever', async t => {
  const right = (index: number) => ({
    verb: 'use',
    group: 'kradle.a5c.ai',
    resource: 'agentserviceaccounts',
    namespace: 'kradle-org-acme',
    name: `account-${index}`,
  })
  /** Asks one question after the other, and the last for each once more. */
  const rounds = async (count: number) => {
    const rights = Array.from({ length: count }, (_, index) => right(index))
    const curious = rule({
      kinds: [Team],
      operations: ['CREATE'],
      enforces: ['R42'],
      reviews(_, __, access) {
        const next = rights.findIndex(each => !access.knows(each))
        return next < 0 ? rights : rights.slice(0, next + 1)
      },
      decide: (_, __, access) => (rights.every(each => access.allowed(each)) ? allow : warn('no')),
    })
    const asked: (readonly AccessReview[])[] = []
    const { response } = await answer(
      'validate',
      { request: create },
      registry({ 'team/use': curious }, {}),
      {
        view: () => acme,
        ask: async (_, reviews) => {
          asked.push(reviews)
          return accessOf(reviews.map(review => [review, true]))
        },
      },
    )
    return { response, asked }
  }
  const enough = await rounds(9)
  t.strictSame(enough.response, { uid, allowed: true })
  t.strictSame(
    enough.asked,
    Array.from({ length: 9 }, (_, index) => [right(index)]),
    'nothing twice',
  )
  const endless = await rounds(10)
  t.match(endless.response, {
    allowed: false,
    status: { code: 503, message: /TooManyQuestions/ },
  })
  t.equal(endless.asked.length, 10)
})
