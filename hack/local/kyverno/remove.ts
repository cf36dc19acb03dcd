import { apiClient } from '#hack/local/api.ts'
import type { ControlPlane } from '#hack/local/control-plane.ts'

/**
 * Takes Kyverno's webhooks out of a cluster that starts without it, and says how many there were.
 *
 * They refuse what they are for while nobody answers them, and without Kyverno nobody ever will.
 */
export async function removeWebhooks(controlPlane: ControlPlane): Promise<number> {
  const api = apiClient(controlPlane.server, controlPlane.adminCertificate)
  try {
    let removed = 0
    for (const plural of ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations']) {
      const path = `/apis/admissionregistration.k8s.io/v1/${plural}`
      const { body } = await api('GET', `${path}?labelSelector=${managed}`)
      const { items = [] } = JSON.parse(body) as { items?: { metadata: { name: string } }[] }
      for (const { metadata } of items) await api('DELETE', `${path}/${metadata.name}`)
      removed += items.length
    }
    return removed
  } finally {
    api.close()
  }
}

const managed = encodeURIComponent('webhook.kyverno.io/managed-by=kyverno')
