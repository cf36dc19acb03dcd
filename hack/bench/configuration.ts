import type { Api } from '#hack/local/api.ts'
import type { Manifest } from '#hack/local/manifests.ts'

/** Objects that bring a setup into force by being there. All of them are cluster-scoped. */
export type Configuration = readonly Manifest[]

const plurals: Readonly<Record<string, string>> = {
  CustomResourceDefinition: 'customresourcedefinitions',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
  MutatingAdmissionPolicyBinding: 'mutatingadmissionpolicybindings',
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
  ValidatingPolicy: 'validatingpolicies',
  MutatingPolicy: 'mutatingpolicies',
}

export async function put(api: Api, configuration: Configuration): Promise<void> {
  for (const manifest of configuration)
    expect(await api('POST', collection(manifest), manifest), manifest, [201, 409])
}

export async function remove(api: Api, configuration: Configuration): Promise<void> {
  for (const manifest of configuration.toReversed())
    expect(await api('DELETE', pathOf(manifest)), manifest, [200, 404])
}

/** The object as it stands in the cluster, in a form that can be created again. */
export async function live(api: Api, manifest: Manifest): Promise<Manifest> {
  const answer = await api('GET', pathOf(manifest))
  expect(answer, manifest, [200])
  const object = JSON.parse(answer.body) as Manifest & { metadata: { labels?: object } }
  const { name, labels } = object.metadata
  return { ...object, metadata: { name, ...(labels && { labels }) } }
}

const pathOf = (manifest: Manifest) => `${collection(manifest)}/${manifest.metadata.name}`
const collection = ({ apiVersion, kind }: Manifest) => `/apis/${apiVersion}/${plurals[kind]}`

function expect(
  { status, body }: { status: number; body: string },
  { kind, metadata }: Manifest,
  wanted: readonly number[],
): void {
  if (!wanted.includes(status)) throw new Error(`${kind} ${metadata.name}: ${status} ${body}`)
}
