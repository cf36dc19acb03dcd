import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import {
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
  type WebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Event } from '#src/api/core/v1.ts'
import { IdentityMapping, Team } from '#src/api/identity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { LABEL_PART_OF, PLATFORM_NAMESPACE, WEBHOOK_CONFIGURATION } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { createOrganization, mapping, running, team, until } from '#test/support/running.ts'

// The API server asks nobody before it lets an admin change what it is told about admission: what is left is to put it
// back, to say so, and to leave it alone afterwards.

const POLICY = 'kradle-organization-scope'
const CALM_MS = 3_000

const { kradle, client } = await running(t)
await createOrganization(client, 'acme')

const kinds = [
  ValidatingWebhookConfiguration,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
]

type Change = {
  readonly kind: Kind
  readonly name: string
  readonly happen: () => Promise<unknown>
  /** How often it has to be put back; once where nothing is said. */
  readonly times?: number
}
const onWebhooks = (kind: Kind<WebhookConfiguration>, change: object): Change => ({
  kind,
  name: WEBHOOK_CONFIGURATION,
  async happen() {
    const { webhooks = [] } = (await client.get(kind, WEBHOOK_CONFIGURATION))!
    const patch = { webhooks: webhooks.map(webhook => ({ ...webhook, ...change })) }
    await client.mergePatch(kind, { name: WEBHOOK_CONFIGURATION }, patch)
  },
})
const onPolicy = (kind: Kind, patch: object): Change => ({
  kind,
  name: POLICY,
  happen: () => client.mergePatch(kind, { name: POLICY }, patch),
})
const gone = (kind: Kind, name: string): Change => ({
  kind,
  name,
  happen: () => client.delete(kind, name),
})

const changes: Record<string, Change> = {
  'a webhook that may fail': onWebhooks(ValidatingWebhookConfiguration, {
    failurePolicy: 'Ignore',
  }),
  'a webhook for fewer namespaces': onWebhooks(ValidatingWebhookConfiguration, {
    namespaceSelector: { matchLabels: { strict: 'yes' } },
  }),
  'a webhook that is never asked': onWebhooks(MutatingWebhookConfiguration, {
    matchConditions: [{ name: 'never', expression: 'false' }],
  }),
  'a validating configuration that was deleted': gone(
    ValidatingWebhookConfiguration,
    WEBHOOK_CONFIGURATION,
  ),
  'a mutating configuration that was deleted': gone(
    MutatingWebhookConfiguration,
    WEBHOOK_CONFIGURATION,
  ),
  'a policy for fewer namespaces': onPolicy(ValidatingAdmissionPolicy, {
    spec: { matchConstraints: { namespaceSelector: { matchLabels: { strict: 'yes' } } } },
  }),
  // Without the label it is out of sight: it comes back as one that was missing, and only then shows what else changed.
  'a policy that lost its label and its teeth': {
    ...onPolicy(ValidatingAdmissionPolicy, {
      metadata: { labels: { [LABEL_PART_OF]: null } },
      spec: { matchConditions: [{ name: 'never', expression: 'false' }] },
    }),
    times: 2,
  },
  'a binding that only warns': onPolicy(ValidatingAdmissionPolicyBinding, {
    spec: { validationActions: ['Warn'] },
  }),
  'a binding that was deleted': gone(ValidatingAdmissionPolicyBinding, POLICY),
}

for (const [what, { kind, name, happen, times = 1 }] of Object.entries(changes))
  t.test(`restores ${what}`, async t => {
    const shipped = await contents(kind, name)
    const before = { count: await counted(kind, name), events: await reported(kind, name) }
    t.ok(shipped.includes('"'), 'it is there')

    await happen()
    const began = performance.now()
    await until('it is as it was shipped', async () => (await contents(kind, name)) === shipped)
    t.comment(`restored within ${(performance.now() - began).toFixed(0)} ms`)
    await until('it is counted', async () => (await counted(kind, name)) >= before.count + times)
    await until('it is told', async () => (await reported(kind, name)) >= before.events + times)

    // A comparison that never comes out equal would write for ever.
    const versions = await resourceVersions()
    await sleep(CALM_MS)
    t.strictSame(await resourceVersions(), versions, 'and then it is left alone')
    t.equal(await counted(kind, name), before.count + times, 'counted no more often')
    t.equal(await reported(kind, name), before.events + times, 'told no more often')
  })

t.test('what was restored is in force', async t => {
  const outside = { ...team('outside'), metadata: { ...team('outside').metadata } }
  outside.metadata.namespace = 'default'
  const refusal = <T extends KubernetesObject>(kind: Kind<T>, object: T) =>
    client.apply(kind, object, { fieldManager: 'test', dryRun: true }).then(
      () => 'accepted',
      (error: Error) => error.message,
    )
  const good = () => refusal(IdentityMapping, mapping('good'))
  await until('the policy refuses', async () => (await refusal(Team, outside)).includes(POLICY))
  await until('a good write passes', async () => (await good()) === 'accepted')
  await kradle.kill('webhook')
  await until('no write passes without the webhook', async () =>
    (await good()).includes('failed calling webhook'),
  )
  await kradle.restart('webhook')
  await until('it passes again', async () => (await good()) === 'accepted')
  t.pass()
})

/** What an object says, without its metadata. '' where there is none. */
async function contents(kind: Kind, name: string): Promise<string> {
  const object = await client.get(kind, name)
  if (!object) return ''
  const { metadata, status: _, ...rest } = object as KubernetesObject & { status?: unknown }
  return JSON.stringify([metadata.labels?.[LABEL_PART_OF], rest])
}

/** How often the controller says that it restored the object. */
async function counted(kind: Kind, name: string): Promise<number> {
  const text = await (await fetch(`${kradle.health('admission-controller')}/metrics`)).text()
  const line = `kradle_admission_drift_total{kind="${kind.kind}",name="${name}"} `
  return Number(
    text
      .split('\n')
      .find(each => each.startsWith(line))
      ?.slice(line.length) ?? 0,
  )
}

/** How many events say so. */
async function reported(kind: Kind, name: string): Promise<number> {
  const { items } = await client.list(Event, { namespace: PLATFORM_NAMESPACE })
  return items.filter(
    ({ reason, message }) =>
      reason === 'AdmissionDriftRestored' && message.startsWith(`${kind.kind} "${name}"`),
  ).length
}

async function resourceVersions(): Promise<Record<string, string | undefined>> {
  const pages = await Promise.all(
    kinds.map(kind => client.list(kind, { labelSelector: `${LABEL_PART_OF}=kradle` })),
  )
  return Object.fromEntries(
    pages
      .flatMap(({ items }) => items)
      .map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.resourceVersion]),
  )
}
