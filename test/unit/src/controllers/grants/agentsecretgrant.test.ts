import t from 'tap'
import controller from '#src/controllers/grants/agentsecretgrant.ts'
import { Repository } from '#src/api/data-plane/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { cluster, now } from '#test/fixtures.ts'
import { agentAccount, agentStack, keysIn, secretGrant } from '#test/fixtures-agents.ts'

type Spec = Parameters<typeof secretGrant>[0]

const look = (spec: Spec, ...objects: KubernetesObject[]) =>
  controller.reconcile(secretGrant(spec), cluster(agentAccount(), ...objects))
const conditionsOf = (plan: ReturnType<typeof look>) =>
  plan.status?.conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`)
const model = keysIn('Secret', 'model', ['token'])

t.test('a grant of keys that are there, to a stack that is there, is Ready', async t => {
  const plan = look({}, agentStack(), model)
  t.equal(plan.status?.phase, 'Ready')
  t.strictSame(conditionsOf(plan), [
    'SecretExists=True SecretFound',
    'KeysExist=True KeysFound',
    'SubjectAuthorized=True SubjectExists',
    'PolicyAdmitted=True NoPolicy',
    'Ready=True Ready',
    'RotationCurrent=True NoRotationPolicy',
    'ReferencesResolved=True AllResolved',
  ])
  t.strictSame(plan.status?.fields, {
    consumers: [{ kind: 'AgentStack', name: 'repairer' }],
    rotation: undefined,
  })
})

t.test('rotation is told where it is asked for, and only warned of', async t => {
  const plan = look({ rotationPolicy: { maxAgeDays: 7 } }, agentStack(), model)
  t.equal(plan.status?.phase, 'Ready')
  t.match(plan.status?.fields, {
    rotation: { lastRotatedAt: '2026-11-01T00:00:00Z', overdue: true },
  })
  t.match(conditionsOf(plan), /RotationCurrent=False RotationOverdue/)
  const soon = look({ rotationPolicy: { maxAgeDays: 21 } }, agentStack(), {
    ...model,
    metadata: { ...model.metadata, creationTimestamp: '2026-10-31T12:00:10Z' },
  })
  t.equal(soon.requeueAfter, 10, 'looked at when it becomes due')
  const gone = look({ rotationPolicy: { maxAgeDays: 7 } }, agentStack())
  t.match(gone.status, { phase: 'Pending', fields: { rotation: undefined } })
  t.match(conditionsOf(gone), /RotationCurrent=False SecretMissing/)
})

t.test('a limit to what does not exist is told, and leaves it Ready', async t => {
  const plan = look({ allowedRepositories: ['app'] }, agentStack(), model)
  t.equal(plan.status?.phase, 'Ready')
  t.strictSame(conditionsOf(plan)?.slice(-3), [
    'Ready=True Ready',
    'RotationCurrent=True NoRotationPolicy',
    'ReferencesResolved=False ReferenceMissing',
  ])
  t.ok(controller.watches.some(({ kind }) => kind === Repository))
})

t.test('a stack may limit the Secrets of its runs', async t => {
  const limited = (...allowedSecretRefs: string[]) =>
    agentStack('repairer', 'repairer', {
      secretPolicy: { allowOnForks: false, allowedSecretRefs },
    })
  t.match(conditionsOf(look({}, limited('model'), model)), /PolicyAdmitted=True SecretAllowed/)
  const refused = look({}, limited('other'), model)
  t.equal(refused.status?.phase, 'Blocked')
  t.match(conditionsOf(refused), /PolicyAdmitted=False SecretNotAllowed/)
  t.match(
    conditionsOf(
      look(
        {},
        agentStack('repairer', 'repairer', { secretPolicy: { allowOnForks: false } }),
        model,
      ),
    ),
    /PolicyAdmitted=True NoPolicy/,
  )
  t.match(conditionsOf(look({}, model)), /PolicyAdmitted=True NoPolicy/)
})

t.test('asks for the names of keys and never for a Secret as a whole', async t => {
  t.strictSame(
    controller
      .lookups?.(secretGrant(), cluster())
      ?.map(({ kind, name, part }) => [kind.kind, name, part]),
    [['Secret', 'model', 'keys']],
  )
  t.notOk(controller.watches.some(({ kind }) => kind.kind === 'Secret'))
  t.strictSame(controller.writes, [])
})

t.test('a grant that has ended is not looked into any more', async t => {
  const spec = { expiresAt: now.toISOString() }
  t.strictSame(controller.lookups?.(secretGrant(spec), cluster()), [])
  const plan = look(spec, agentStack(), model)
  t.match(plan.status, { phase: 'Expired' })
  t.strictSame(conditionsOf(plan), ['Ready=False Expired'])
})
