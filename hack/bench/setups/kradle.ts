import { resolve } from 'node:path'
import { live } from '#hack/bench/configuration.ts'
import type { Api } from '#hack/local/api.ts'
import type { Kradle } from '#hack/local/kradle.ts'
import { readManifests, type Manifest } from '#hack/local/manifests.ts'
import type { Setup } from './setup.ts'

const registration = 'admissionregistration.k8s.io/v1'

/** Kradle as it installs itself. Call it while all is in force. */
export async function kradleSetup(
  kradle: Kradle,
  api: Api,
  options: Pick<Setup, 'shapes' | 'reviews' | 'refusal'>,
): Promise<Setup> {
  const webhooks = await Promise.all(
    ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map(kind =>
      live(api, { apiVersion: registration, kind, metadata: { name: 'kradle' } }),
    ),
  )
  return {
    ...options,
    name: 'kradle',
    title: 'Kradle, all of it',
    configuration: [...policyBindings(), ...webhooks],
    webhooks: /\.kradle\.a5c\.ai$/,
    pid: () => kradle.pid('webhook'),
  }
}

/** That, and its webhooks alone, which shows what each half costs. */
export async function kradleSetups(kradle: Kradle, api: Api): Promise<readonly Setup[]> {
  const all = await kradleSetup(kradle, api, {
    shapes: ['complete', 'defaults'],
    // The mutating admission policy fills in before the mutating webhook is asked, which then is not.
    reviews: { complete: 1, defaults: 1 },
    refusal: /ValidatingAdmissionPolicy 'kradle-organization-scope'/,
  })
  return [
    all,
    {
      ...all,
      name: 'kradle-webhooks',
      title: 'Kradle, its webhooks alone',
      // As it stands on a cluster without MutatingAdmissionPolicy, where the webhook fills in everywhere.
      configuration: all.configuration.filter(isWebhook).map(everywhere),
      reviews: { complete: 1, defaults: 2 },
      refusal: /validate\.kradle\.a5c\.ai/,
    },
  ]
}

const isWebhook = ({ kind }: Manifest): boolean => kind.endsWith('WebhookConfiguration')

function everywhere(configuration: Manifest): Manifest {
  const { webhooks = [] } = configuration as Manifest & { webhooks?: object[] }
  const all = webhooks.map(webhook => ({ ...webhook, namespaceSelector: {} }))
  return Object.assign({}, configuration, { webhooks: all })
}

/** Without its binding a policy judges nothing, so that the policies themselves can stay. */
function policyBindings(): Manifest[] {
  const repository = resolve(import.meta.dirname, '../../..')
  return readManifests(repository).policies.filter(({ kind }) => kind.endsWith('Binding'))
}
