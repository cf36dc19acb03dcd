import { apiClient, type Api } from './api.ts'
import type { ControlPlane } from './control-plane.ts'
import { writeKubeconfig } from './kubeconfig-file.ts'
import {
  personaAccesses,
  personaBinding,
  personas,
  personName,
  platformAdmin,
  platformAdminBinding,
  type Persona,
} from './personas.ts'

export type People = { stop(): void }

type Organizations = {
  items: {
    metadata: { name: string; uid: string }
    spec: { namespaceName: string }
    status?: { phase?: string }
  }[]
}

const look = 1000

/**
 * Gives every organisation of a local cluster its people: somebody for each persona, with
 * a certificate, a RoleBinding and a context in the kubeconfig, as soon as it is Ready.
 */
export async function keepPeople(
  controlPlane: ControlPlane,
  report: (line: string) => void,
): Promise<People> {
  const { server, adminCertificate, adminKubeconfig, certificateFor } = controlPlane
  const api = apiClient(server, adminCertificate)
  const cluster = { server, ca: adminCertificate.ca }
  const done = new Set<string>()

  await bind(api, platformAdminBinding)
  writeKubeconfig(adminKubeconfig, {
    ...cluster,
    name: platformAdmin,
    namespace: 'kradle-system',
    user: await certificateFor(platformAdmin),
  })

  async function round(): Promise<void> {
    const answer = await api(
      'GET',
      '/apis/kradle.a5c.ai/v1alpha1/namespaces/kradle-system/organizations',
    )
    if (answer.status !== 200) return
    for (const { metadata, spec, status } of (JSON.parse(answer.body) as Organizations).items) {
      if (status?.phase !== 'Ready' || done.has(metadata.uid)) continue
      const tenant = { slug: metadata.name, namespace: spec.namespaceName }
      for (const persona of personas) await bind(api, personaBinding(tenant, persona))
      const certificates = await Promise.all(
        personas.map(async persona => [persona, await certificateFor(personName(tenant, persona))]),
      )
      writeKubeconfig(
        adminKubeconfig,
        ...personaAccesses(
          tenant,
          cluster,
          Object.fromEntries(certificates) as Record<Persona, { cert: string; key: string }>,
          adminCertificate,
        ),
      )
      done.add(metadata.uid)
    }
  }

  let stopped = false
  let failed = ''
  let timer: NodeJS.Timeout | undefined
  async function again(): Promise<void> {
    try {
      await round()
      failed = ''
    } catch (error) {
      const { message } = error as Error
      if (!stopped && message !== failed) report(`no contexts for new organisations: ${message}`)
      failed = message
    }
    if (!stopped) timer = setTimeout(() => void again(), look).unref()
  }
  void again()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
      api.close()
    },
  }
}

type RoleBinding = ReturnType<typeof personaBinding>

async function bind(api: Api, binding: RoleBinding): Promise<void> {
  const { name, namespace } = binding.metadata
  const answer = await api(
    'PATCH',
    `/apis/${binding.apiVersion}/namespaces/${namespace}/rolebindings/${name}?fieldManager=kradle-local`,
    binding,
    'application/apply-patch+yaml',
  )
  if (answer.status >= 300) throw new Error(`RoleBinding ${name}: ${answer.status} ${answer.body}`)
}
