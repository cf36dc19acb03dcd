import t from 'tap'
import { ValidatingWebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import { Namespace, Pod } from '#src/api/core/v1.ts'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { WEBHOOK_CONFIGURATION } from '#src/api/names.ts'
import { RoleBinding } from '#src/api/rbac/v1.ts'
import { deciding } from '#hack/local/kradle.ts'
import { createOrganization, mapping, running, until } from '#test/support/running.ts'

// What operators say by flags is what the real API server does, and what is restored when somebody changes it.

const CREATION = 'validate.kradle.a5c.ai'
const flags = [
  ['--failure-policy', `${CREATION}=Ignore`],
  ['--timeout-seconds', `${CREATION}=3`],
  ['--exempt-namespace', 'tools'],
].flat()
const { client, kradle } = await running(t, {
  processes: deciding.map(each =>
    each.name === 'admission-controller' ? { ...each, flags } : each,
  ),
})
await createOrganization(client, 'acme')
for (const name of ['tools', 'others'])
  await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })

const webhook = async (name: string) => {
  const { webhooks } = (await client.get(ValidatingWebhookConfiguration, WEBHOOK_CONFIGURATION))!
  return webhooks?.find(each => each.name === name)
}
const said = (answer: Promise<unknown>) =>
  answer.then(
    () => 'accepted',
    (error: Error) => error.message,
  )
/** In a dry run. */
const write = (name: string) =>
  said(client.apply(IdentityMapping, mapping(name), { fieldManager: 'test', dryRun: true }))
const bindAgent = (namespace: string) =>
  said(
    client.apply(
      RoleBinding,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'agent', namespace },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        subjects: [{ kind: 'ServiceAccount', name: 'bot', namespace: 'kradle-org-acme' }],
      },
      { fieldManager: 'test', dryRun: true },
    ),
  )

t.test('an exempt namespace is not judged, and others are', async t => {
  t.match(await bindAgent('others'), /\[R44\]$/)
  t.equal(await bindAgent('tools'), 'accepted')
  const stray = mapping('stray')
  stray.metadata.namespace = 'tools'
  t.match(
    await said(client.apply(IdentityMapping, stray, { fieldManager: 'test', dryRun: true })),
    /kradle-organization-scope/,
    'but for objects of Kradle’s own, which belong to organisations wherever they are',
  )
})

t.test('a webhook that may fail lets writes pass while it is down', async t => {
  await until('it is asked while it is up', async () => (await write('jane')) === 'accepted')
  t.match(await webhook(CREATION), { failurePolicy: 'Ignore', timeoutSeconds: 3 })
  t.match(await webhook('validate.update.kradle.a5c.ai'), {
    failurePolicy: 'Fail',
    timeoutSeconds: 5,
  })
  await kradle.kill('webhook')
  t.equal(await write('joe'), 'accepted')
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'plain', namespace: 'kradle-org-acme' },
    spec: { containers: [{ name: 'main', image: 'example.invalid/x' }] },
  }
  t.match(
    await said(client.apply(Pod, pod, { fieldManager: 'test', dryRun: true })),
    /failed calling webhook "validate\.workloads\.kradle\.a5c\.ai"/,
    'the others do not',
  )
  await kradle.restart('webhook')
})

t.test('what the flags say is what is restored', async t => {
  const { webhooks = [] } = (await client.get(
    ValidatingWebhookConfiguration,
    WEBHOOK_CONFIGURATION,
  ))!
  const strictest = webhooks.map(each => ({ ...each, failurePolicy: 'Fail', timeoutSeconds: 5 }))
  await client.mergePatch(
    ValidatingWebhookConfiguration,
    { name: WEBHOOK_CONFIGURATION },
    { webhooks: strictest },
  )
  await until('it is put back', async () => {
    const { failurePolicy, timeoutSeconds } = (await webhook(CREATION))!
    return failurePolicy === 'Ignore' && timeoutSeconds === 3
  })
  t.pass()
})
