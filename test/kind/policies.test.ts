import t from 'tap'
import { PolicyBinding, PolicyProfile, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { drillOrganization, kindCluster } from '#test/support/kind.ts'
import { until } from '#test/support/running.ts'

// Each type of policy is made of a binding, put back when somebody adds to it, and taken away while that is suspended. Some types
// are for templates of the platform, to which the conformance suite does not write; some cannot only report.

const { asked, client, kubectl } = kindCluster(t)
const slug = await drillOrganization(client)
const namespace = orgNamespace(slug)
const apiVersion = 'kradle.a5c.ai/v1alpha1' as const

type Type = PolicyTemplate['spec']['kyverno']['type']

const on = (group: string, resource: string) => ({
  resourceRules: [
    { apiGroups: [group], apiVersions: ['v1'], operations: ['CREATE'], resources: [resource] },
  ],
})
const configMaps = { targetKinds: ['ConfigMap'], matchConstraints: on('', 'configmaps') }
const pods = { targetKinds: ['Pod'], matchConstraints: on('', 'pods') }
const never = [{ name: 'never', expression: 'object.metadata.name == "nobody-is-called-so"' }]

const bodies: Readonly<
  Record<Type, { targetKinds: string[]; matchConstraints: object; rest: object }>
> = {
  Validating: {
    ...configMaps,
    rest: {
      matchConditions: never,
      validations: [{ expression: 'true', message: 'says nothing' }],
    },
  },
  Mutating: {
    ...configMaps,
    rest: {
      matchConditions: never,
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: {
            expression: 'Object{metadata: Object.metadata{annotations: {"drill": "x"}}}',
          },
        },
      ],
    },
  },
  Generating: {
    ...configMaps,
    rest: {
      matchConditions: never,
      variables: [
        {
          name: 'made',
          expression:
            '[{"kind": dyn("ConfigMap"), "apiVersion": dyn("v1"), "metadata": dyn({"name": "made"})}]',
        },
      ],
      generate: [{ expression: 'generator.apply(variables.made)' }],
    },
  },
  ImageValidating: {
    ...pods,
    rest: {
      matchConditions: never,
      matchImageReferences: [{ glob: 'nobody.invalid/*' }],
      attestors: [],
      validations: [{ expression: 'images.containers.size() > 0', message: 'says nothing' }],
    },
  },
  Deleting: { ...configMaps, rest: { conditions: never, schedule: '0 0 1 1 *' } },
}

for (const [type, { targetKinds, matchConstraints, rest }] of Object.entries(bodies))
  t.test(`a ${type} template`, async t => {
    const name = `drill-${type.toLowerCase()}`
    await client.apply(
      PolicyTemplate,
      {
        apiVersion,
        kind: 'PolicyTemplate',
        metadata: { name, namespace: PLATFORM_NAMESPACE },
        spec: {
          displayName: name,
          severity: 'low',
          targetKinds,
          kyverno: { type: type as Type, spec: { matchConstraints, ...rest } },
        },
      } as unknown as PolicyTemplate,
      { fieldManager: 'drill' },
    )
    t.teardown(() => client.delete(PolicyTemplate, name, PLATFORM_NAMESPACE))
    await client.create(PolicyBinding, {
      apiVersion,
      kind: 'PolicyBinding',
      metadata: { name, namespace },
      spec: { organizationRef: slug, templateRef: name, mode: 'enforce' },
    } as PolicyBinding)
    t.teardown(() => client.delete(PolicyBinding, name, namespace))

    const resource = `namespaced${type.toLowerCase()}policies.policies.kyverno.io`
    const named = ['-n', namespace, '-o', 'name']
    const policies = async () =>
      (await asked('get', resource, ...named)).split('\n').filter(line => line.includes(name))
    await until(`the policy of ${name} is there`, async () => (await policies()).length === 1)
    const [policy] = await policies()

    const annotation = ['-n', namespace, '-o', 'jsonpath={.metadata.annotations.drill}']
    const said = await kubectl(
      'annotate',
      policy!,
      'drill=x',
      '-n',
      namespace,
      '--as=system:serviceaccount:kradle-system:policy-controller',
      '--as-group=system:masters',
    )
    t.equal(said.code, 0, said.stderr)
    await until(
      `${policy} is as it was`,
      async () => (await asked('get', policy!, ...annotation)) === '',
    )

    await client.mergePatch(PolicyBinding, { name, namespace }, { spec: { suspend: true } })
    await until(`${policy} is gone`, async () => (await policies()).length === 0)
  })

t.test('a profile binds what it says by itself', async t => {
  await client.create(PolicyProfile, {
    apiVersion,
    kind: 'PolicyProfile',
    metadata: { name: 'drill', namespace },
    spec: {
      organizationRef: slug,
      displayName: 'Drill',
      mode: 'audit',
      defaultTemplates: ['title-convention'],
    },
  } as unknown as PolicyProfile)
  t.teardown(() => client.delete(PolicyProfile, 'drill', namespace))
  await until('it is bound', async () => {
    const { items } = await client.list(PolicyBinding, { namespace })
    return items.some(({ spec }) => spec.templateRef === 'title-convention')
  })
})
