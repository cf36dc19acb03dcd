import t from 'tap'
import controller from '#src/controllers/grants/agentconfiggrant.ts'
import { Repository } from '#src/api/data-plane/v1alpha1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { cluster, now } from '#test/fixtures.ts'
import { agentAccount, agentStack, configGrant, keysIn } from '#test/fixtures-agents.ts'

type Spec = Parameters<typeof configGrant>[0]

const look = (spec: Spec, ...objects: KubernetesObject[]) => {
  const plan = controller.reconcile(
    configGrant(spec),
    cluster(agentAccount(), agentStack(), ...objects),
  )
  return {
    ...plan.status,
    conditions: plan.status?.conditions.map(
      ({ type, status, reason }) => `${type}=${status} ${reason}`,
    ),
  }
}

t.test('a grant of keys that are there is Ready', async t => {
  t.strictSame(look({}, keysIn('ConfigMap', 'linter', ['settings.json'])), {
    phase: 'Ready',
    conditions: [
      'ConfigMapExists=True ConfigMapFound',
      'KeysExist=True KeysFound',
      'SubjectAuthorized=True SubjectExists',
      'PolicyAdmitted=True NoPolicy',
      'Ready=True Ready',
      'KeysNotSensitive=True NothingSensitive',
      'ReferencesResolved=True AllResolved',
    ],
    fields: { consumers: [{ kind: 'AgentStack', name: 'repairer' }] },
  })
  t.match(look({}), { phase: 'Pending' })
})

t.test('warns of keys that sound like a secret', async t => {
  const keys = ['DB_PASSWORD', 'settings.json', 'api-key']
  const configMap = keysIn('ConfigMap', 'linter', keys)
  const spec: Spec = { configMapRef: { name: 'linter', keys } }
  const { phase, conditions } = look(spec, configMap)
  t.equal(phase, 'Ready')
  t.match(conditions, /KeysNotSensitive=False SensitiveKeys/)
  const { status } = controller.reconcile(configGrant(spec), cluster(configMap))
  t.match(
    status?.conditions.find(({ type }) => type === 'KeysNotSensitive')?.message,
    /^"DB_PASSWORD", "api-key": .*R61/,
  )
})

t.test('a limit to what does not exist is told, and leaves it Ready', async t => {
  const { phase, conditions } = look(
    { allowedRepositories: ['app'] },
    keysIn('ConfigMap', 'linter', ['settings.json']),
  )
  t.equal(phase, 'Ready')
  t.strictSame(conditions?.slice(-3), [
    'Ready=True Ready',
    'KeysNotSensitive=True NothingSensitive',
    'ReferencesResolved=False ReferenceMissing',
  ])
  t.ok(controller.watches.some(({ kind }) => kind === Repository))
})

t.test('asks for the names of keys, and for nothing once the grant has ended', async t => {
  const lookups = (spec?: Spec) =>
    controller
      .lookups?.(configGrant(spec), cluster())
      ?.map(({ kind, name, part }) => [kind.kind, name, part])
  t.strictSame(lookups(), [['ConfigMap', 'linter', 'keys']])
  const ended = { expiresAt: now.toISOString() }
  t.strictSame(lookups(ended), [])
  t.match(look(ended), { phase: 'Expired' })
})
