import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiClient } from '#hack/local/api.ts'
import { issueCa, issueLeaf } from '#hack/local/certificates.ts'
import { Child } from '#hack/local/child.ts'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import { homeAt, logFile, pidFile } from '#hack/local/home.ts'
import { freePorts } from '#hack/local/ports.ts'
import type { Progress } from '#hack/local/progress.ts'

/** The running empty webhook, and how the API server reaches it. */
export type EmptyWebhook = {
  readonly child: Child
  readonly url: string
  readonly caBundle: string
}

export async function startEmptyWebhook(
  controlPlane: ControlPlane,
  slug: string,
  progress: Progress,
): Promise<EmptyWebhook> {
  const home = homeAt(controlPlane.home)
  const folder = join(home.pki, 'empty-webhook')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const now = new Date()
  const ca = await issueCa('bench-empty-webhook', now)
  const usage = { commonName: 'empty-webhook', usages: ['server'], ips: ['127.0.0.1'] } as const
  const leaf = await issueLeaf(ca, usage, now)
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  writeFileSync(cert, leaf.cert)
  writeFileSync(key, leaf.key, { mode: 0o600 })

  const { 'empty-webhook': port } = await freePorts(home.ports, ['empty-webhook'])
  const url = `https://127.0.0.1:${port}`
  const api = apiClient(url, { ca: ca.cert })
  const child = new Child({
    name: 'empty-webhook',
    command: process.execPath,
    args: [join(import.meta.dirname, 'server.ts'), String(port), cert, key, slug],
    env: { ...controlPlane.settings.env },
    log: logFile(home, 'empty-webhook'),
    pidFile: pidFile(home, 'empty-webhook'),
    ready: async () => (await api('GET', '/readyz')).status === 200,
    report: progress.line,
  })
  try {
    await child.start()
  } finally {
    api.close()
  }
  return { child, url, caBundle: Buffer.from(ca.cert).toString('base64') }
}
