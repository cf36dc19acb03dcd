import t from 'tap'
import { Pod } from '#src/api/core/v1.ts'
import { AgentRoleBinding, Team } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import { judge } from '#src/check/judge.ts'
import { schemasIn } from '#src/check/schemas.ts'
import { binding, cluster, team } from '#test/fixtures.ts'
import { noAccess } from '#webhooks/access.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { registry } from '#webhooks/registry.ts'

const means = {
  registry: registry(rules, mutations),
  schemas: schemasIn('crds'),
  user: { username: 'you' },
}
const manifest = (kind: Kind, object: KubernetesObject) => ({
  file: 'x.yaml',
  line: 3,
  kind,
  object: object as UnknownObject,
})
const bare = (spec: object = {}, metadata: object = {}) => ({
  ...team('acme', { metadata: { labels: {}, ...metadata } }),
  spec: { displayName: 'Core', ...spec } as never,
})
const judged = (object: KubernetesObject, ...there: KubernetesObject[]) =>
  judge(manifest(Team, object), means, cluster(binding('acme'), ...there), noAccess).verdict

t.test('accepts what leaves out only what is filled in', async t => {
  t.match(judged(bare()), {
    file: 'x.yaml',
    line: 3,
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'Team',
    namespace: 'kradle-org-acme',
    name: 'core',
    result: 'accepted',
    operation: 'CREATE',
    causes: [],
  })
  t.match(judged(bare({}, { name: '', generateName: 'team-' })), {
    result: 'accepted',
    name: 'team-*',
  })
})

t.test('gives what would be stored', async t => {
  const answer = (object: KubernetesObject, ...there: KubernetesObject[]) =>
    judge(manifest(Team, object), means, cluster(binding('acme'), ...there), noAccess)
  const { admitted } = answer({ ...bare(), status: { phase: 'Ready' } } as never)
  t.match(admitted, { kind: 'Team', spec: { organizationRef: 'acme', displayName: 'Core' } })
  t.notOk(admitted?.status, 'nobody writes it along with the rest')
  t.equal(answer(bare({ colour: 'red' })).admitted, undefined)
  t.equal(answer(bare({ organizationRef: 'globex' })).admitted, undefined)
  t.match(answer(bare({ organizationRef: 'acme' }), admitted!).verdict, {
    result: 'accepted',
    operation: 'UPDATE',
  })
})

t.test('asks the definition first', async t => {
  t.match(judged(bare({ displayName: 7 })), {
    result: 'refused',
    causes: [
      { source: 'schema', field: 'spec.displayName', message: /^spec\.displayName: Invalid/ },
    ],
  })
  t.match(judged(bare({ colour: 'red' })), {
    result: 'refused',
    causes: [{ source: 'schema', field: '', message: 'unknown field "spec.colour"' }],
  })
  t.match(judged(bare({}, { labels: { a: 7 } })), { result: 'refused', causes: [{ field: '' }] })
})

t.test('leaves to the definition what no rule can read, where there is one', async t => {
  t.match(judged({ ...bare(), spec: 7 } as never), {
    result: 'refused',
    causes: [{ source: 'schema', field: 'spec' }],
  })
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: 7 }
  t.match(judge(manifest(Pod, pod), means, cluster(), noAccess).verdict, {
    result: 'refused',
    causes: [{ source: 'file', field: '', message: 'spec is not a map' }],
  })
})

t.test('hides no bug', async t => {
  const broken = {
    ...bare(),
    get spec(): never {
      throw new RangeError('a bug')
    },
  }
  t.throws(() => judged(broken), { message: 'a bug' })
})

t.test('then the rules', async t => {
  t.match(judged(bare({ organizationRef: 'globex' })), {
    result: 'refused',
    causes: [
      {
        source: 'rule',
        field: 'spec.organizationRef',
        rule: 'org-scoped/namespace-is-bound',
        number: 'R28',
        message: /^spec\.organizationRef: "globex" is not the organisation/,
      },
    ],
  })
})

t.test('takes what is there already for what is replaced', async t => {
  const old = { ...team(), status: { phase: 'Ready' } }
  t.match(judged(bare(), old), { result: 'accepted', operation: 'UPDATE' })
  const broken = team('acme', { spec: { organizationRef: 'globex' } })
  t.match(judged(bare(), broken), {
    result: 'refused',
    causes: [{ source: 'schema', field: 'spec.organizationRef', message: /R39/ }],
  })
})

t.test('judges kinds without a definition by the rules alone', async t => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'kradle-org-acme' },
    spec: { containers: [{ name: 'c', envFrom: [{ secretRef: { name: 's' } }] }] },
  }
  const { verdict } = judge(manifest(Pod, pod), means, cluster(), noAccess)
  t.match(verdict, { result: 'refused', causes: [{ source: 'rule', number: 'R53' }] })
  const nowhere = judge(
    manifest(Pod, { ...pod, metadata: { name: 'p' } }),
    means,
    cluster(),
    noAccess,
  )
  t.match(nowhere.verdict, { result: 'accepted', namespace: '' })
})

const role = {
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'AgentRoleBinding',
  metadata: { name: 'r', namespace: 'kradle-org-acme' },
  spec: {
    subject: { kind: 'agent-service-account', name: 'a' },
    roleRef: { kind: 'RoleTemplate', name: 'readonly' },
    scope: { kind: 'organization' },
  },
}

t.test('wants to know about rights before it judges', async t => {
  const { asks, verdict } = judge(
    manifest(AgentRoleBinding, role),
    means,
    cluster(binding('acme')),
    noAccess,
  )
  t.equal(verdict, undefined)
  t.match(asks, [{ verb: 'bind', resource: 'roletemplates', name: 'readonly' }])
})
