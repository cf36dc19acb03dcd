import { globSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { kyvernoNames } from '#hack/local/kyverno/artefacts.ts'
import { KradleWorkspace } from '#src/api/workspaces/v1alpha1.ts'
import { Secret, ServiceAccount } from '#src/api/core/v1.ts'
import { ExternalBackendSyncPolicy } from '#src/api/external-backends/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { PREFIX } from '#src/api/names.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { PolicyBinding, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { RoleBinding } from '#src/api/rbac/v1.ts'
import { RunnerPool } from '#src/api/runners-ci/v1alpha1.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { testedIn } from '#src/policy-test/folders.ts'
import type { ExpectedObject, PolicyTest } from '#src/policy-test/document.ts'
import { kindsNamed } from '#src/policy/kinds.ts'
import { controller } from '#test/fixtures-activity.ts'
import { persona, person } from '#test/support/people.ts'
import { createOrganization, running, until, withActivity } from '#test/support/running.ts'

// The catalogue on a real cluster: every template is bound in enforce as its tests bind it, and everything that they say of
// objects is so for the API server, too, with Kyverno behind it. Each binding judges objects with a label of its own, so that
// all of them are in force at once.

const NAMESPACE = 'kradle-org-acme'
const LABEL = 'policy-test'

const { client, controlPlane, kubectl } = await running(t, {
  processes: [...withActivity, { name: 'policy-controller' }],
  kyverno: kyvernoNames.filter(name => name === 'admission' || name === 'cleanup'),
})
await createOrganization(client, 'acme')
// What the template of restricted Pods refuses, Pod Security would refuse first.
const unsecured = ['label', 'namespace', NAMESPACE, 'pod-security.kubernetes.io/enforce=privileged']
const relabelled = await kubectl([...unsecured, '--overwrite'])
if (relabelled.code !== 0) throw new Error(relabelled.stderr)
const jane = await person(controlPlane, 'jane')
const workspaceController = await person(controlPlane, controller('workspace-controller'))
for (const somebody of [jane, workspaceController]) t.teardown(() => somebody.close())
await client.create(RoleBinding, persona('jane', 'kradle-admin', NAMESPACE))
await until('Pods have an account to run under', () =>
  client.get(ServiceAccount, 'default', NAMESPACE),
)

// What the objects of the tests name.
const around = globSync('docs/{examples,activity-examples}/*.yaml')
await until(
  'the examples are there',
  async () => {
    const { code } = await kubectl(['apply', ...around.flatMap(file => ['-f', file])])
    return code === 0
  },
  120,
)

// Without what Kradle would ask for itself, so that the templates have something to refuse.
await client.mergePatch(
  ExternalBackendSyncPolicy,
  { name: 'github', namespace: NAMESPACE },
  { spec: { writePolicy: { defaultMode: 'automatic-write', agentWriteRequiresApproval: false } } },
)
for (const name of ['model-key', 'signing-key'])
  await client.create(Secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: NAMESPACE },
    data: { token: 'eA==', key: 'eA==' },
  })
for (const name of ['sandbox', 'other'])
  await client.create(RunnerPool, {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'RunnerPool',
    metadata: { name, namespace: NAMESPACE },
    spec: { organizationRef: 'acme', warmReplicas: 0, maxReplicas: 1, trustTier: 'untrusted' },
  } as RunnerPool)

interface Bound {
  readonly template: PolicyTemplate
  readonly test: PolicyTest
  /** The value of the label by which the binding judges. */
  readonly label: string
}

const tested = testedIn(['policies'])
// Stated data of images is for Kyverno's command line: here Kyverno would ask their registries.
const bound: readonly Bound[] = tested.flatMap(({ template, tests }) =>
  tests
    .filter(({ images }) => images.length === 0)
    .map(test => ({ template, test, label: `${template.metadata.name}.${test.name}` })),
)

for (const { template } of tested) await client.create(PolicyTemplate, scheduled(template))
for (const { template, test, label } of bound) await bind(template, test, label)

/** Binds it as its test says, to objects with the label. */
async function bind(template: PolicyTemplate, test: PolicyTest, label: string): Promise<void> {
  const { parameters, target } = test
  await jane.client.create(PolicyBinding, {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'PolicyBinding',
    metadata: { name: label.replace('.', '-'), namespace: NAMESPACE },
    spec: {
      organizationRef: 'acme',
      templateRef: template.metadata.name,
      mode: 'enforce',
      suspend: false,
      match: { matchLabels: { [LABEL]: label } },
      ...(parameters && { parameters }),
      ...(target && { target }),
    },
  })
}

/** What goes by the hour goes by the minute here. */
function scheduled(template: PolicyTemplate): PolicyTemplate {
  const { kyverno } = template.spec
  if (kyverno.type !== 'Deleting') return template
  const spec = { ...kyverno.spec, schedule: '* * * * *' }
  return { ...template, spec: { ...template.spec, kyverno: { ...kyverno, spec } } }
}

/**
 * Nobody but controllers writes a status or labels of runs, so there are none in what is created, nobody creates a Pod with
 * ephemeral containers, and no exceptions are asked for here.
 */
const isWrite = ({ object, oldObject }: ExpectedObject, { exceptions }: PolicyTest): boolean =>
  object.status === undefined &&
  oldObject === undefined &&
  object.spec?.['ephemeralContainers'] === undefined &&
  !Object.keys(object.metadata.labels ?? {}).some(name => name.startsWith(PREFIX)) &&
  !MENDED.has(`${object.kind}/${object.metadata.name}`) &&
  !exceptions.some(({ kind, name }) => kind === object.kind && name === object.metadata.name)

/** Objects that the API server mends before anybody judges them: requests are those of the limits, where there are none. */
const MENDED: ReadonlySet<string> = new Set(['Pod/without-requests'])

const labelled = (object: UnknownObject, label: string): UnknownObject => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...object.metadata.labels, [LABEL]: label } },
})

const kindOf = ({ apiVersion, kind }: UnknownObject): Kind =>
  kindsNamed(kind).find(
    ({ group, version }) => apiVersion === (group ? `${group}/${version}` : version),
  )!

const ofType = (type: string): readonly Bound[] =>
  bound.filter(({ template }) => template.spec.kyverno.type === type)

for (const { template, test, label } of ofType('Validating'))
  t.test(label, async t => {
    const writes = test.objects.filter(each => isWrite(each, test))
    const mark = `[${label.replace('.', '-')}: ${template.metadata.name}]`
    const bad = writes.find(({ result }) => result === 'fail')
    if (!bad) return t.comment('nobody but controllers writes what it refuses')
    await until(
      `${label} is in force`,
      async () =>
        (await jane.dryRun(kindOf(bad.object), labelled(bad.object, label))).includes(mark),
      60,
    ).catch(async error =>
      t.comment(error.message, await jane.dryRun(kindOf(bad.object), labelled(bad.object, label))),
    )
    for (const { object, result, message } of writes) {
      const kind = kindOf(object)
      const { name } = object.metadata
      if (result === 'fail') {
        const said = await jane.dryRun(kind, labelled(object, label))
        t.ok(said.includes(mark) && said.includes(message ?? ''), `${kind.kind}/${name}: ${said}`)
        continue
      }
      const said = await jane.send(
        'POST',
        apiPath(kind, { namespace: NAMESPACE }),
        labelled(object, label),
      )
      t.equal(said, '', `${kind.kind}/${name}: ${said || 'accepted'}`)
      // Others of the test may name it; those of the next one may have its name.
      t.teardown(() => client.delete(kind, name, NAMESPACE))
    }
  })

/** The phases that a workspace goes through until it is there (R147). */
function wayTo(phase: unknown): readonly string[] {
  if (phase === undefined) return []
  const ready = ['Pending', 'Provisioning', 'Ready']
  if (phase === 'Archived') return [...ready, 'Archiving', 'Archived']
  return phase === 'InUse' ? [...ready, 'InUse'] : ready
}

t.test('a finished workspace goes, others stay', async t => {
  const { test, label } = ofType('Deleting')[0]!
  // Nobody says when an object was created, so that time tells nothing here.
  const objects = test.objects.filter(({ object }) => object.status?.['lastActivityAt'])
  for (const { object } of objects) {
    const { status, metadata, ...rest } = labelled(object, label)
    const { name, namespace, labels } = metadata
    await client.create(KradleWorkspace, {
      ...rest,
      metadata: { name, namespace, labels },
    } as unknown as KradleWorkspace)
    const path = `${apiPath(KradleWorkspace, { namespace: NAMESPACE, name })}/status`
    for (const phase of wayTo(status?.['phase']))
      t.equal(
        await workspaceController.send(
          'PATCH',
          path,
          {
            status: {
              pvc: { phase: 'Bound' },
              ...status,
              git: { phase: 'Ready', ...(status?.['git'] as object | undefined) },
              phase,
            },
          },
          'application/merge-patch+json',
        ),
        '',
        `${name} is ${phase}`,
      )
  }
  const left = async () => {
    const { items } = await client.list(KradleWorkspace, { namespace: NAMESPACE })
    return items
      .filter(({ metadata }) => metadata.labels?.[LABEL] === label)
      .map(({ metadata }) => metadata.name)
  }
  const kept = objects
    .filter(({ result }) => result === 'kept')
    .map(({ object }) => object.metadata.name)
  const going = objects
    .filter(({ result }) => result === 'deleted')
    .map(({ object }) => object.metadata.name)
  await until(
    'the finished ones are gone',
    async () => {
      const there = await left()
      return going.every(name => !there.includes(name))
    },
    150,
  )
  await sleep(1_000)
  t.strictSame((await left()).toSorted(), kept.toSorted())
})
