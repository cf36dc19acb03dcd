import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import {
  AgentContextLabel,
  AgentMcpServer,
  AgentPersona,
  AgentSkill,
  AgentStack,
  AgentSubagent,
  AgentToolProfile,
} from '#src/api/agents/v1alpha1.ts'
import { Secret } from '#src/api/core/v1.ts'
import { Repository, RepositoryPermission } from '#src/api/data-plane/v1alpha1.ts'
import {
  AgentRoleBinding,
  AgentSecretGrant,
  AgentServiceAccount,
} from '#src/api/identity/v1alpha1.ts'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import { kinds } from '#src/api/kinds.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { agentAccount, agentStack, roleBinding, secretGrant } from '#test/fixtures-agents.ts'
import { thing } from '#test/fixtures-references.ts'
import { allProcesses, createOrganization, running } from '#test/support/running.ts'
import { reports } from '#test/support/says.ts'

const { client, kubectl, kradle } = await running(t, { processes: allProcesses })
await createOrganization(client, 'acme')

const NAMESPACE = 'kradle-org-acme'
const { says, messageOf } = reports(client, NAMESPACE)

const create = (kind: Kind, { metadata, ...object }: KubernetesObject) =>
  client.create(kind, { ...object, metadata: { name: metadata.name, namespace: NAMESPACE } })
const remove = (kind: Kind, name: string) => client.delete(kind, name, NAMESPACE)

t.test('whatever names something says whether that is there', async t => {
  const permission = {
    repository: 'app',
    subject: { kind: 'team', name: 'core' },
    permission: 'write',
  }
  await create(RepositoryPermission, thing('core-app', permission, {}, RepositoryPermission))
  await create(
    AgentPersona,
    thing(
      'ada',
      { displayName: 'Ada', rolePrompt: 'Be kind.', stackRef: 'nobody' },
      {},
      AgentPersona,
    ),
  )
  const missing = [
    'Pending',
    'ReferencesResolved=False ReferenceMissing',
    'Ready=False ReferenceMissing',
  ]
  const there = ['Ready', 'ReferencesResolved=True AllResolved', 'Ready=True AllResolved']
  await says(RepositoryPermission, 'core-app', ...missing)
  await says(AgentPersona, 'ada', ...missing)
  t.match(
    await messageOf(RepositoryPermission, 'core-app', 'Ready'),
    /^spec\.repository: Repository "app" does not exist; create what is missing .*\[R33\]$/,
  )

  const app = thing('app', { visibility: 'private' }, {}, Repository)
  await create(Repository, app)
  await says(RepositoryPermission, 'core-app', ...there)
  await says(Repository, 'app', 'Ready', 'Ready=True AllResolved')
  await remove(Repository, 'app')
  await says(RepositoryPermission, 'core-app', ...missing)
  await create(Repository, app)
  await says(RepositoryPermission, 'core-app', ...there)

  const { metadata: before } = (await client.get(AgentPersona, 'ada', NAMESPACE))!
  await create(AgentStack, agentStack('other'))
  await sleep(1000)
  const { metadata: after } = (await client.get(AgentPersona, 'ada', NAMESPACE))!
  t.equal(after.resourceVersion, before.resourceVersion, 'a stack of another name changes nothing')
})

const parts: readonly [Kind, KubernetesObject][] = [
  [
    AgentToolProfile,
    thing(
      'careful',
      { filesystemPolicy: { mode: 'read-only' }, approvalPolicyByTool: { Read: 'allow' } },
      {},
      AgentToolProfile,
    ),
  ],
  [
    AgentMcpServer,
    thing(
      'tracker',
      {
        transport: 'http',
        scope: 'organization',
        url: 'https://mcp.example.com/issues',
        secretRefs: [{ name: 'forge', key: 'token', header: 'Authorization' }],
      },
      {},
      AgentMcpServer,
    ),
  ],
  [
    AgentSkill,
    thing(
      'linting',
      {
        format: 'markdown',
        sourceRef: { source: 'repository', repository: 'app', path: 'skills/linting.md' },
      },
      {},
      AgentSkill,
    ),
  ],
  [
    AgentSubagent,
    thing('tester', { rolePrompt: 'Run tests.', taskKinds: ['test'] }, {}, AgentSubagent),
  ],
  [
    AgentContextLabel,
    thing(
      'style',
      { promptFragment: 'Be brief.', allowedSources: ['manual'] },
      {},
      AgentContextLabel,
    ),
  ],
]
const skill = parts.map(([, object]) => object).find(({ kind }) => kind === 'AgentSkill')!

t.test('a stack says what keeps it from running, until nothing does', async t => {
  const stack = agentStack('repairer', 'repairer', {
    toolProfileRef: 'careful',
    mcpServerRefs: ['tracker'],
    skillRefs: ['linting'],
    subagentRefs: ['tester'],
    contextLabelRefs: ['style'],
    permissionRefs: { roleBindings: ['reads'], secretGrants: ['model'] },
  })
  await create(AgentStack, stack)
  await says(
    AgentStack,
    'repairer',
    'Pending',
    'CapabilitiesResolved=False ReferenceMissing',
    'ToolsAdmitted=False AgentToolProfileMissing',
    'McpHealthy=False AgentMcpServerMissing',
    'SkillsValidated=False AgentSkillMissing',
    'SubagentsValid=False AgentSubagentMissing',
    'ContextLabelsValid=False AgentContextLabelMissing',
    'RuntimeIdentityReady=False AgentServiceAccountMissing',
    'RolesAdmitted=False MissingRoleBinding',
    'SecretsAdmitted=False MissingSecretGrant',
    'ConfigAdmitted=True NoneNamed',
    'PolicyAdmitted=True NoPolicy',
  )

  // Everything but permissions, in whatever order.
  for (const [kind, object] of parts.toReversed()) await create(kind, object)
  await create(AgentServiceAccount, agentAccount())
  await says(
    AgentStack,
    'repairer',
    'ToolsAdmitted=True AllFound',
    'McpHealthy=True AllFound',
    'SkillsValidated=True AllFound',
    'SubagentsValid=True AllFound',
    'ContextLabelsValid=True AllFound',
    'RuntimeIdentityReady=True AllFound',
  )
  for (const name of ['model', 'forge'])
    await client.create(Secret, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: NAMESPACE },
      data: { token: 'eA==' },
    })
  await create(AgentRoleBinding, roleBinding())
  await create(AgentSecretGrant, secretGrant())
  await says(
    AgentStack,
    'repairer',
    'Pending',
    'RolesAdmitted=True AllFound',
    'CapabilitiesResolved=True AllResolved',
  )
  t.match(
    await messageOf(AgentStack, 'repairer', 'SecretsAdmitted'),
    /^spec\.mcpServerRefs\[0\]: AgentMcpServer "tracker" reads "forge:token", and no AgentSecretGrant with purpose "mcp-server:tracker"/,
    'what is ungranted is named to the key',
  )

  const forge = secretGrant({
    secretRef: { name: 'forge', keys: ['token'] },
    purpose: 'mcp-server:tracker',
  })
  await create(AgentSecretGrant, { ...forge, metadata: { name: 'forge' } })
  const fine = ['Ready', 'SecretsAdmitted=True AllFound', 'Ready=True Ready']
  await says(AgentStack, 'repairer', ...fine)
  await remove(AgentSecretGrant, 'forge')
  await says(
    AgentStack,
    'repairer',
    'Pending',
    'SecretsAdmitted=False MissingSecretGrant',
    'Ready=False MissingSecretGrant',
  )
  await create(AgentSecretGrant, { ...forge, metadata: { name: 'forge' } })
  await says(AgentStack, 'repairer', ...fine)

  await remove(AgentSkill, 'linting')
  await says(
    AgentStack,
    'repairer',
    'Pending',
    'CapabilitiesResolved=False ReferenceMissing',
    'SkillsValidated=False AgentSkillMissing',
    'Ready=False AgentSkillMissing',
  )
  await create(AgentSkill, skill)
  await says(AgentStack, 'repairer', ...fine)
})

t.test('whom a server is not for cannot have it', async () => {
  const patch = (spec: object) =>
    client.mergePatch(AgentMcpServer, { name: 'tracker', namespace: NAMESPACE }, { spec })
  await patch({ allowedStacks: ['other'] })
  await says(AgentStack, 'repairer', 'Blocked', 'McpHealthy=False McpServerNotAdmitted')
  await patch({ allowedStacks: ['other', 'repairer'] })
  await says(AgentStack, 'repairer', 'Ready', 'McpHealthy=True AllFound')
})

t.test('nobody else writes these statuses', async t => {
  const forge = (as: string[]) =>
    kubectl(
      `patch agentstack repairer -n ${NAMESPACE} --subresource=status --type=merge`
        .split(' ')
        .concat('-p', '{"status":{"phase":"Blocked"}}', as),
    )
  t.match(await forge([]), {
    code: 1,
    stderr: /only "system:serviceaccount:kradle-system:agents-controller" does.*\[R20\]/s,
  })
  const other = await forge(['--as', 'system:serviceaccount:kradle-system:policy-controller'])
  t.match(other, { code: 1, stderr: /cannot \w+ resource "agentstacks\/status"/ })
})

t.test('every process is ready, and writes nothing while nothing happens', async t => {
  for (const { name } of allProcesses)
    t.ok((await fetch(`${kradle.health(name)}/readyz`)).ok, `${name} is ready`)
  const versions = async () => {
    const lists = await Promise.all(kinds.map(kind => client.list(kind)))
    return lists.flatMap(({ items }, index) =>
      items.map(
        ({ metadata: { name, resourceVersion } }) =>
          `${resourceOf(kinds[index]!)}/${name} ${resourceVersion}`,
      ),
    )
  }
  await sleep(2000)
  const before = await versions()
  t.ok(before.length > 10)
  await sleep(6000)
  t.strictSame(await versions(), before)
})
