import { resolve } from 'node:path'
import { live, type Configuration } from '#hack/bench/configuration.ts'
import type { Api } from '#hack/local/api.ts'
import type { Kradle } from '#hack/local/kradle.ts'
import { readManifests, type Manifest } from '#hack/local/manifests.ts'
import type { Setup } from './setup.ts'

const registration = 'admissionregistration.k8s.io/v1'

/** Kradle as it installs itself, and its webhooks alone, which shows what each half costs. Call it while all is in force. */
export async function kradleSetups(kradle: Kradle, api: Api): Promise<readonly Setup[]> {
  const webhooks: Configuration = await Promise.all(
    ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map(kind =>
      live(api, { apiVersion: registration, kind, metadata: { name: 'kradle' } }),
    ),
  )
  const common = {
    shapes: ['complete', 'defaults'] as const,
    webhooks: /\.kradle\.a5c\.ai$/,
    pid: () => kradle.pid('webhook'),
  }
  return [
    {
      ...common,
      name: 'kradle',
      title: 'Kradle, all of it',
      configuration: [...policyBindings(), ...webhooks],
      // The mutating admission policy fills in before the mutating webhook is asked, which then is not.
      reviews: { complete: 1, defaults: 1 },
      refusal: /ValidatingAdmissionPolicy 'kradle-organization-scope'/,
    },
    {
      ...common,
      name: 'kradle-webhooks',
      title: 'Kradle, its webhooks alone',
      // As it stands on a cluster without MutatingAdmissionPolicy, where the webhook fills in everywhere.
      configuration: webhooks.map(everywhere),
      reviews: { complete: 1, defaults: 2 },
      refusal: /validate\.kradle\.a5c\.ai/,
    },
  ]
}

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
