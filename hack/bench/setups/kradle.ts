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

/** Without its binding a policy judges nothing, so that the policies themselves can stay. */
function policyBindings(): Manifest[] {
  const repository = resolve(import.meta.dirname, '../../..')
  return readManifests(repository).policies.filter(({ kind }) => kind.endsWith('Binding'))
}
