import { roleTemplates } from '#src/permissions/role-templates.ts'
import { kradle } from '../runner/objects.ts'
import type { Stage } from '../runner/stage.ts'
import { step, type Scenario } from '../scenario.ts'

const create = ['create', '-f', '-']
const account = (on: Stage) => `system:serviceaccount:${on.namespace}:agent`
const can = (...what: string[]) => ['auth', 'can-i', ...what]
const stack = kradle('AgentStack', 'borrowed', {
  baseAgent: 'claude-code',
  adapter: 'agent-mux.claude-code',
  runtimeIdentity: { serviceAccountRef: 'agent' },
})

const bound = (name: string, roleRef: object) =>
  kradle('AgentRoleBinding', name, {
    subject: { kind: 'agent-service-account', name: 'agent' },
    roleRef,
    scope: { kind: 'organization' },
  })

export const agents: Scenario = {
  name: 'tenancy/agents',
  title: 'An agent has an account of its own, is lent what somebody holds, and nobody becomes it',
  rows: [12],
  rules: ['R42', 'R43', 'R44', 'R45'],
  steps: [
    step('an account and a role that is lent to it become RBAC', async on => {
      const spec = { namespace: on.namespace, serviceAccountName: 'agent' }
      await on.does(create, {
        as: on.person('ada'),
        input: [
          kradle('AgentServiceAccount', 'agent', spec),
          bound('looks', { kind: 'RoleTemplate', name: 'readonly' }),
        ],
      })
      await on.does(['wait', '--for=condition=Ready', 'agentrolebinding/looks', '--timeout=30s'])
      await on.comes(['get', 'serviceaccount,rolebinding'], {
        says: ['serviceaccount/agent', 'kradle-agent-looks Role/kradle-agent-looks'],
      })
    }),
    step('and so does every template', async on => {
      const names = Object.keys(roleTemplates).filter(name => name !== 'readonly')
      await on.does(create, {
        as: on.person('ada'),
        input: names.map(name => bound(name, { kind: 'RoleTemplate', name })),
      })
      const bindings = names.map(name => `agentrolebinding/${name}`)
      await on.does(['wait', '--for=condition=Ready', ...bindings, '--timeout=30s'])
      await on.does(['delete', ...bindings], { as: on.person('ada') })
    }),
    step('the agent may that, and nothing else', async on => {
      const as = account(on)
      await on.comes(can('list', 'agentstacks.kradle.a5c.ai'), { as, says: 'yes' })
      await on.isRefused(can('get', 'secrets'), { as, says: 'no' })
      await on.isRefused(can('create', 'pods'), { as, says: 'no' })
    }),
    step('who does not have a role himself lends it to nobody', on =>
      on.isRefused([...create, '--dry-run=server'], {
        as: on.person('max'),
        input: bound('more', { kind: 'ClusterRole', name: 'cluster-admin' }),
        says: '(Forbidden)',
      }),
    ),
    step('nobody lends an agent what no agent is lent', on =>
      on.isRefused([...create, '--dry-run=server'], {
        input: bound('all', { kind: 'ClusterRole', name: 'cluster-admin' }),
        says: 'spec.roleRef.name: "cluster-admin" holds what no agent is lent: * *.*; use a role without it, or one of the templates [R44 agentrolebinding/role-is-held]',
      }),
    ),
    step('who has no "use" on the account writes no stack under it', on =>
      on.isSoonRefused(create, {
        as: on.person('mia'),
        input: stack,
        says: `spec.runtimeIdentity.serviceAccountRef: "agent" is not for "${on.person('mia')}" to write in AgentStack "borrowed": that takes verb "use" on agentserviceaccounts "agent" in namespace "${on.namespace}"`,
      }),
    ),
    step('nobody gets its token', on =>
      on.isSoonRefused(['create', 'token', 'agent'], {
        says: `"agent" is not an account that "${on.admin}" may have a token of`,
      }),
    ),
    step('what Kradle made is not edited by hand', on =>
      on.isSoonRefused(
        ['patch', 'serviceaccount', 'agent', '-p', '{"automountServiceAccountToken":true}'],
        {
          says: `ServiceAccount "agent" is not for "${on.admin}" to write: Kradle makes it of "AgentServiceAccount/agent"; change that instead, or delete this and have it made anew [R45]`,
        },
      ),
    ),
    step('and account default is not claimed', on =>
      on.isRefused(create, {
        input: kradle('AgentServiceAccount', 'default', {
          namespace: on.namespace,
          serviceAccountName: 'default',
        }),
        says: '"default" belongs to every Pod that names no account and cannot be claimed; choose another name (R43)',
      }),
    ),
  ],
}
