import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { INSTALLER } from '#src/install/names.ts'
import { apiClient, type Api } from './api.ts'
import type { ControlPlane } from './control-plane.ts'
import { readManifests, type Manifest } from './manifests.ts'
import { Problem } from './problem.ts'

export const kradleNamespace = 'kradle-system'

const repository = resolve(import.meta.dirname, '../..')
const establishedWithin = 120_000

/** Brings Kradle's kinds, accounts and admission policies into a cluster; again and again with the same result. */
export async function install(
  controlPlane: Pick<ControlPlane, 'server' | 'adminCertificate'>,
  manifests = readManifests(repository),
): Promise<void> {
  const api = apiClient(controlPlane.server, controlPlane.adminCertificate)
  const apply = applier(api)
  try {
    await apply(namespace)
    await Promise.all(manifests.crds.map(apply))
    await Promise.all(manifests.crds.map(crd => established(api, crd)))
    // Accounts and roles before policies: what a policy names should be there when it comes into force.
    await Promise.all(manifests.rbac.map(apply))
    await Promise.all(manifests.policies.map(apply))
  } finally {
    api.close()
  }
}

const namespace: Manifest & { metadata: { labels: Record<string, string> } } = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: kradleNamespace, labels: { 'app.kubernetes.io/part-of': 'kradle' } },
}

function applier(api: Api): (manifest: Manifest) => Promise<void> {
  const resources = new Map<string, Promise<Resource[]>>()
  return async manifest => {
    const { apiVersion, kind, metadata } = manifest
    const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
    if (!resources.has(base)) resources.set(base, discover(api, base))
    const resource = (await resources.get(base)!).find(known => known.kind === kind)
    if (!resource)
      throw new Problem(`${kind} ${metadata.name}: the cluster serves no ${kind} in ${apiVersion}`)
    const folder = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : ''
    const path = `${base}${folder}/${resource.name}/${encodeURIComponent(metadata.name)}`
    const answer = await api(
      'PATCH',
      `${path}?fieldManager=${INSTALLER}&force=true`,
      manifest,
      // JSON is YAML too.
      'application/apply-patch+yaml',
    )
    if (answer.status >= 300) {
      throw new Problem(`applying ${kind} ${metadata.name} failed: ${message(answer.body)}`)
    }
  }
}

type Resource = { name: string; kind: string; namespaced: boolean }

async function discover(api: Api, base: string): Promise<Resource[]> {
  const answer = await api('GET', base)
  if (answer.status !== 200) return []
  const { resources } = JSON.parse(answer.body) as { resources: Resource[] }
  return resources.filter(({ name }) => !name.includes('/'))
}

type Conditions = { status?: { conditions?: { type: string; status: string; message?: string }[] } }

/** Applied is not served: until then a policy's paramKind or a first object would be refused. */
async function established(api: Api, { metadata: { name } }: Manifest): Promise<void> {
  const deadline = Date.now() + establishedWithin
  for (;;) {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`
    const { status: found } = JSON.parse((await api('GET', path)).body) as Conditions
    const conditions = found?.conditions ?? []
    if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return
    if (Date.now() > deadline) {
      const refused = conditions.find(({ status }) => status === 'False')
      throw new Problem(
        `${name} was not established in ${establishedWithin / 1000} s: ${refused?.message ?? 'no reason given'}`,
      )
    }
    await sleep(50)
  }
}

function message(body: string): string {
  try {
    return (JSON.parse(body) as { message: string }).message
  } catch {
    return body
  }
}
