import t from 'tap'
import { AgentRoleBinding, Team } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import { schemasIn } from '#src/check/schemas.ts'
import { settle, type World } from '#src/check/settle.ts'
import { binding, cluster, team } from '#test/fixtures.ts'
import { accessOf } from '#webhooks/access.ts'
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

t.test('settles by reading and asking until there is an answer', async t => {
  const known: KubernetesObject[] = []
  const stored: KubernetesObject[] = []
  const world: World = {
    view: () => cluster(...known),
    hidden: () => [],
    store: object => stored.push(object),
    learn: async ({ gets }) => {
      if (known.length > 0) return false
      t.ok([...gets.keys()].some(key => key.startsWith('orgnamespacebindings.')))
      known.push(binding('acme'))
      return true
    },
    ask: async reviews => ({
      access: accessOf(reviews.map(review => [review, true] as const)),
      assumed: reviews.map(({ verb }) => verb),
    }),
  }
  t.match(await settle(manifest(AgentRoleBinding, role), means, world), {
    result: 'accepted',
    assumes: ['bind'],
  })
  t.match(stored, [{ kind: 'AgentRoleBinding', spec: { organizationRef: 'acme' } }], 'as admitted')
  const spies = team('acme', { spec: { organizationRef: 'globex' } })
  t.match(await settle(manifest(Team, spies), means, world), { result: 'refused' })
  t.equal(stored.length, 1, 'what is refused does not come to be')
  await t.rejects(
    settle(manifest(Team, team()), means, { ...world, learn: async () => true }),
    /x\.yaml:3: rules want to know ever more/,
  )
})

t.test('asks the policies that are bound, but for what is refused anyway', async t => {
  const policies = [
    {
      apiVersion: 'kradle.a5c.ai/v1alpha1',
      kind: 'PolicyTemplate',
      metadata: { name: 'names', namespace: 'kradle-org-acme' },
      spec: {
        displayName: 'Names',
        targetKinds: ['Team'],
        kyverno: {
          type: 'Validating',
          spec: {
            matchConstraints: {
              resourceRules: [
                {
                  apiGroups: ['kradle.a5c.ai'],
                  apiVersions: ['v1alpha1'],
                  operations: ['CREATE', 'UPDATE'],
                  resources: ['teams'],
                },
              ],
            },
            validations: [{ expression: 'object.metadata.name == "core"', message: 'not core' }],
          },
        },
      },
    },
    {
      apiVersion: 'kradle.a5c.ai/v1alpha1',
      kind: 'PolicyBinding',
      metadata: { name: 'names', namespace: 'kradle-org-acme' },
      spec: { organizationRef: 'acme', templateRef: 'names', mode: 'enforce', suspend: false },
    },
  ]
  const stored: KubernetesObject[] = []
  const known = cluster(...policies, binding('acme'))
  const world: World = {
    view: () => known,
    hidden: () => ['policyprofiles of kradle-org-acme'],
    store: object => stored.push(object),
    learn: async () => false,
    ask: async () => ({ access: accessOf([]), assumed: [] }),
  }
  const one = team('acme')
  const named = (name: string, spec: object = {}) => {
    const { spec: given, metadata } = team('acme', { spec })
    return { ...one, metadata: { ...metadata, name }, spec: given }
  }
  t.match(await settle(manifest(Team, named('core')), means, world), {
    result: 'accepted',
    unjudged: ['policyprofiles of kradle-org-acme (not yours to read)'],
  })
  t.match(await settle(manifest(Team, named('others')), means, world), {
    result: 'refused',
    causes: [{ source: 'policy', message: 'not core [names: names]' }],
  })
  t.match(
    await settle(manifest(Team, named('others', { organizationRef: 'globex' })), means, world),
    { result: 'refused', causes: [{ source: 'rule' }], unjudged: [] },
  )
  const { name: _, ...nameless } = named('x').metadata
  const generated = { ...named('x'), metadata: { ...nameless, name: '', generateName: 'core-' } }
  t.match(await settle(manifest(Team, generated), means, world), { result: 'refused' })
  t.strictSame(
    stored.map(({ metadata }) => metadata.name),
    ['core'],
    'what a policy refuses does not come to be',
  )
})
