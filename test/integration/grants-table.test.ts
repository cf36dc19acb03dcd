import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { ConfigMap, Event, Secret } from '#src/api/core/v1.ts'
import {
  AgentConfigGrant,
  AgentSecretGrant,
  AgentServiceAccount,
} from '#src/api/identity/v1alpha1.ts'
import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { persona, person, role } from '#test/support/people.ts'
import { createOrganization, running, until } from '#test/support/running.ts'
import { podSpec, ways, workloads, type PodMeta, type PodSpec } from '#test/support/workloads.ts'

// Every way a Pod can reach a key, under every state of the grant, in every kind that carries
// a Pod; then the same once more by kube-controller-manager, whose Pods are the ones that count.

const { client, controlPlane } = await running(t)
await createOrganization(client, 'acme')
const namespace = 'kradle-org-acme'
const account = 'builder'

const native = (group: string, version: string, kind: string, plural: string): Kind => ({
  group,
  version,
  kind,
  plural,
  namespaced: true,
})
const kinds: Readonly<Record<string, Kind>> = {
  Pod: native('', 'v1', 'Pod', 'pods'),
  Job: native('batch', 'v1', 'Job', 'jobs'),
  CronJob: native('batch', 'v1', 'CronJob', 'cronjobs'),
  Deployment: native('apps', 'v1', 'Deployment', 'deployments'),
  StatefulSet: native('apps', 'v1', 'StatefulSet', 'statefulsets'),
  ReplicaSet: native('apps', 'v1', 'ReplicaSet', 'replicasets'),
  DaemonSet: native('apps', 'v1', 'DaemonSet', 'daemonsets'),
}
const Node: Kind = { ...native('', 'v1', 'Node', 'nodes'), namespaced: false }

const dispatcher = await person(
  controlPlane,
  'system:serviceaccount:kradle-system:dispatch-controller',
)
const maintainer = await person(controlPlane, 'maria')
t.teardown(() => {
  dispatcher.close()
  maintainer.close()
})
await client.create(
  ClusterRole,
  role('test-dispatch', {
    apiGroups: ['', 'apps', 'batch'],
    resources: Object.values(kinds).map(({ plural }) => plural),
    verbs: ['create', 'get', 'patch'],
  }),
)
for (const [user, name] of [
  [dispatcher.name, 'test-dispatch'],
  [maintainer.name, 'kradle-maintainer'],
] as const)
  await client.create(RoleBinding, persona(user, name, namespace))
await create(AgentServiceAccount, account, { spec: { namespace, serviceAccountName: account } })
await create(AgentStack, 'fixer', {
  spec: {
    baseAgent: 'claude-code',
    adapter: 'agent-mux.claude-code',
    runtimeIdentity: { serviceAccountRef: account },
  },
})
await until('the account is there', () => client.get(accounts(), account, namespace))

function accounts(): Kind {
  return native('', 'v1', 'ServiceAccount', 'serviceaccounts')
}

/** What a run says of itself; a state may say otherwise. */
const facts = (
  source: string,
  keys: readonly string[],
  trustTier = 'trusted',
  ref = 'refs/heads/main',
): PodMeta => ({
  labels: {
    'kradle.a5c.ai/dispatch-run': 'run-1',
    'kradle.a5c.ai/agent-stack': 'fixer',
    'kradle.a5c.ai/repository': 'web',
    'kradle.a5c.ai/trust-tier': trustTier,
  },
  annotations: {
    'kradle.a5c.ai/ref': ref,
    'kradle.a5c.ai/trigger-source': 'manual',
    'kradle.a5c.ai/purposes': JSON.stringify(
      Object.fromEntries(keys.map(key => [`${source}/${key}`, 'model-provider-token'])),
    ),
  },
})

/** Keys that some way or other takes. */
const takenKeys = ['api-key', ...Object.values(ways).flatMap(({ keys: fixed = [] }) => fixed)]

interface State {
  /** What the grant says besides; undefined for no grant. */
  readonly grant: Record<string, unknown> | undefined
  readonly keys?: readonly string[]
  readonly meta?: readonly [trustTier: string, ref: string]
  /** Part of the refusal; undefined where it passes. */
  readonly refused: RegExp | undefined
}
const restricted = {
  allowedRepositories: ['web'],
  allowedRefs: { include: ['refs/heads/*'], exclude: ['refs/heads/secret-*'] },
  allowedTriggerSources: ['manual'],
}
const states: Readonly<Record<string, State>> = {
  granted: { grant: restricted, refused: undefined },
  'no-grant': { grant: undefined, refused: /gives this key/ },
  'other-key': { grant: {}, keys: ['another'], refused: /gives this key/ },
  'other-purpose': { grant: { purpose: 'write-back' }, refused: /purpose "write-back"/ },
  'other-repository': { grant: { allowedRepositories: ['api'] }, refused: /repository "api"/ },
  'other-ref': { grant: { allowedRefs: { include: ['refs/heads/v*'] } }, refused: /certain refs/ },
  'excluded-ref': {
    grant: { allowedRefs: { include: ['refs/heads/*'], exclude: ['refs/*/main'] } },
    refused: /certain refs/,
  },
  'other-trigger': { grant: { allowedTriggerSources: ['ci'] }, refused: /trigger source "ci"/ },
  untrusted: {
    grant: {},
    meta: ['untrusted', 'refs/heads/main'],
    refused: /not for untrusted work/,
  },
  'from-a-fork': {
    grant: {},
    meta: ['trusted', 'refs/pull/7/head'],
    // The stack refuses the Secrets, the grant the ConfigMaps.
    refused: /no Secrets on pull requests|not for untrusted work/,
  },
  'to-be-approved': { grant: { requiredApproval: 'always' }, refused: /needs an approval/ },
  expired: { grant: { expiresAt: '2026-01-01T00:00:00Z' }, refused: /expired at 2026-01-01/ },
  deleted: { grant: {}, refused: /gives this key/ },
}

const data = Object.fromEntries([...takenKeys, 'another'].map(key => [key, 'dmFsdWU=']))
for (const [state, { grant, keys = takenKeys }] of Object.entries(states)) {
  await client.create(Secret, object(Secret, state, { data }))
  await client.create(
    ConfigMap,
    object(ConfigMap, state, { data: { 'api-key': 'x', another: 'y' } }),
  )
  if (!grant) continue
  const spec = {
    subject: { kind: 'agent-stack', name: 'fixer' },
    serviceAccountRef: account,
    purpose: 'model-provider-token',
    ...grant,
  }
  await create(AgentSecretGrant, state, { spec: { ...spec, secretRef: { name: state, keys } } })
  await create(AgentConfigGrant, state, { spec: { ...spec, configMapRef: { name: state, keys } } })
}
for (const kind of [AgentSecretGrant, AgentConfigGrant])
  await client.delete(kind, 'deleted', namespace)

function object<T extends KubernetesObject>(kind: Kind<T>, name: string, rest: object): T {
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    metadata: { name, namespace },
    ...rest,
  } as T
}
function create<T extends KubernetesObject>(kind: Kind<T>, name: string, rest: object): Promise<T> {
  return client.create(kind, object(kind, name, rest))
}

const underAccount = (spec: PodSpec): PodSpec => ({
  serviceAccountName: account,
  automountServiceAccountToken: false,
  ...spec,
})
const workload = (kind: string, name: string, meta: PodMeta, spec: PodSpec) =>
  workloads[kind]!(name, namespace, meta, underAccount(spec))

/** The last grants to be written have reached the webhook, and the deletion too. */
const probe = (state: string) =>
  dispatcher.dryRun(
    kinds['Pod']!,
    workload('Pod', 'probe', facts(state, takenKeys), ways['env']!.spec(state, 'api-key')),
  )
await until('the webhook knows of the grants', async () =>
  /gives this key/.test(await probe('deleted')),
)
await until('the last of them too', async () => /expired/.test(await probe('expired')))

for (const [state, { refused, meta = [] }] of Object.entries(states))
  t.test(`${state}: every way in every kind`, async t => {
    let count = 0
    for (const [way, { source, whole, spec }] of Object.entries(ways))
      for (const [kind, definition] of Object.entries(kinds)) {
        const said = await dispatcher.dryRun(
          definition,
          workload(kind, 'table', facts(state, takenKeys, ...meta), spec(state, 'api-key')),
        )
        const what = `${way} in a ${kind}`
        count++
        if (whole) t.match(said, /every key|all keys|whole|items/, `${what} is refused`)
        else if (refused) {
          t.match(said, refused, what)
          t.match(said, `"${state}/`, `${what} names the ${source}`)
        } else t.equal(said, '', `${what} passes`)
      }
    t.comment(`${count} creates`)
  })

t.test('what a grant is missing for can be applied as it stands in the refusal', async t => {
  const said = await dispatcher.dryRun(
    kinds['Pod']!,
    workload(
      'Pod',
      'ask',
      facts('no-grant', ['api-key']),
      ways['env']!.spec('no-grant', 'api-key'),
    ),
  )
  const manifest = /echo '(.*?)' \| kubectl apply -f -/.exec(said)?.[1]
  t.ok(manifest, said)
  const grant = JSON.parse(manifest ?? '{}') as AgentSecretGrant
  t.match(grant, {
    kind: 'AgentSecretGrant',
    spec: { secretRef: { name: 'no-grant', keys: ['api-key'] } },
  })
  await client.create(AgentSecretGrant, grant)
  await until('the Pod passes', async () => {
    const pod = workload(
      'Pod',
      'ask',
      facts('no-grant', ['api-key']),
      ways['env']!.spec('no-grant', 'api-key'),
    )
    return (await dispatcher.dryRun(kinds['Pod']!, pod)) === ''
  })
  await client.delete(AgentSecretGrant, grant.metadata.name, namespace)
})

t.test("a person's Pod needs a grant for people, with an account that is nobody's", async t => {
  const spec = {
    subject: { kind: 'user', name: 'maria' },
    serviceAccountRef: 'default',
    purpose: 'debugging',
  }
  await create(AgentSecretGrant, 'people', {
    spec: { ...spec, secretRef: { name: 'granted', keys: ['another'] } },
  })
  await create(AgentSecretGrant, 'people-stale', {
    spec: {
      ...spec,
      expiresAt: '2026-01-01T00:00:00Z',
      secretRef: { name: 'expired', keys: ['another'] },
    },
  })
  const ask = (name: string, key: string, kind = 'Pod') =>
    maintainer.dryRun(
      kinds[kind]!,
      workloads[kind]!('hers', namespace, {}, ways['env']!.spec(name, key)),
    )
  await until('the webhook knows of it', async () => (await ask('granted', 'another')) === '')
  t.match(await ask('granted', 'api-key'), /gives this key/, "an agent's grant is not hers")
  t.match(await ask('deleted', 'another'), /gives this key/)
  t.match(await ask('expired', 'another'), /expired at 2026-01-01/)
  t.equal(await ask('granted', 'another', 'Job'), '')
})

t.test('the cluster may put its own certificate into every Pod', async t => {
  const spec = podSpec({
    volumes: [
      {
        name: 'ca',
        projected: {
          sources: [
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ],
        },
      },
    ],
  })
  t.equal(await dispatcher.dryRun(kinds['Pod']!, workload('Pod', 'ca', facts('x', []), spec)), '')
})

/** How the Pods of each kind come about, once it is there. */
const start: Readonly<Record<string, object>> = {
  Job: { spec: { suspend: false } },
  Deployment: { spec: { replicas: 1 } },
  StatefulSet: { spec: { replicas: 1 } },
  ReplicaSet: { spec: { replicas: 1 } },
}

t.test('templates are judged when kube-controller-manager makes their Pods', async t => {
  const spec = ways['env']!.spec('granted', 'api-key')
  const controllers = Object.keys(kinds).filter(kind => kind !== 'Pod')
  const nameOf = (kind: string, stage: string) => `${kind.toLowerCase()}-${stage}`
  const made = (stage: string) => async () => {
    const pods = await client.list(kinds['Pod']!, { namespace })
    const without = controllers.filter(
      kind => !pods.items.some(({ metadata }) => metadata.name.startsWith(nameOf(kind, stage))),
    )
    return without.length === 0
  }
  const launch = async (stage: string) => {
    for (const kind of controllers) {
      const patch = start[kind]
      if (patch)
        await client.mergePatch(kinds[kind]!, { name: nameOf(kind, stage), namespace }, patch)
    }
  }
  const write = async (stage: string) => {
    for (const kind of controllers)
      await dispatcher.client.create(
        kinds[kind]!,
        workload(kind, nameOf(kind, stage), facts('granted', takenKeys), spec),
      )
  }
  await write('yes')
  await launch('yes')
  // A DaemonSet makes a Pod for every node there is.
  await client.create(Node, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } })
  await write('no')
  await until('every controller has made its Pod', made('yes'), 90)
  t.pass('while the grant is there, their Pods are made')

  await client.delete(AgentSecretGrant, 'granted', namespace)
  await until('the webhook knows', async () =>
    /gives this key/.test(
      await dispatcher.dryRun(
        kinds['Pod']!,
        workload('Pod', 'probe', facts('granted', takenKeys), spec),
      ),
    ),
  )
  const before = (await client.list(kinds['Pod']!, { namespace })).items.map(
    ({ metadata }) => metadata.name,
  )
  await launch('no')
  const events = async () =>
    (await client.list(Event, { namespace })).items.filter(
      ({ reason, message }) => /FailedCreate/.test(reason) && /gives this key/.test(message),
    )
  const refusedKinds = ['Job', 'ReplicaSet', 'StatefulSet'] as const
  await until(
    'kube-controller-manager was refused and says so',
    async () => {
      const found = await events()
      return refusedKinds.every(kind => found.some(event => event.involvedObject.kind === kind))
    },
    60,
  )
  await sleep(1000)
  const after = (await client.list(kinds['Pod']!, { namespace })).items.map(
    ({ metadata }) => metadata.name,
  )
  t.strictSame(
    after.filter(name => !before.includes(name) && !name.startsWith('cronjob-')),
    [],
    'nobody gets one any more',
  )
})
