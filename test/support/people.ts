import { Agent, request } from 'node:https'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { ClusterRole, RoleBinding, type PolicyRule } from '#src/api/rbac/v1.ts'
import { apiPath } from '#src/lib/api-path.ts'
import { Client } from '#src/lib/client.ts'

/** Somebody, as the API server knows him. */
export interface Person {
  readonly name: string
  readonly client: Client
  /** Tries to create it, and stores nothing; the refusal, or '' where it passes. */
  dryRun(kind: Kind, object: KubernetesObject): Promise<string>
  /** Sends anything, without the client's discretion: the refusal with all its words, or ''. */
  send(
    method: string,
    path: string,
    body?: object,
    contentType?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<string>
  close(): void
}

/**
 * Somebody with a certificate of his own, or whom cluster-admin acts as where the name is one that no certificate can have.
 * @param group another group that cluster-admin then says he is in, e.g. system:masters
 */
export async function person(
  controlPlane: ControlPlane,
  name?: string,
  group?: string,
): Promise<Person> {
  const { server, adminCertificate } = controlPlane
  const acted: Record<string, string> =
    name?.startsWith('system:') === true
      ? { 'impersonate-user': name, ...(group !== undefined && { 'impersonate-group': group }) }
      : {}
  const { cert, key } =
    name === undefined || 'impersonate-user' in acted
      ? adminCertificate
      : await controlPlane.certificateFor(name)
  const tls = { cert, key, ca: adminCertificate.ca }
  const client = new Client({
    server: new URL(server),
    tls: { cert: Buffer.from(cert), key: Buffer.from(key), ca: Buffer.from(tls.ca) },
    authorize: async () => acted,
    refused: () => {},
  })
  const agent = new Agent({ keepAlive: true, ...tls })
  const send: Person['send'] = (method, path, body, contentType = 'application/json', more = {}) =>
    new Promise((resolve, reject) => {
      const headers = {
        ...acted,
        'content-type': contentType,
        accept: 'application/json',
        ...more,
      }
      const outgoing = request(new URL(path, server), { method, agent, headers }, incoming => {
        let text = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (part: string) => (text += part))
        incoming.on('error', reject)
        incoming.on('end', () => resolve(refusalIn(incoming.statusCode ?? 0, text)))
      })
      outgoing.on('error', reject)
      outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    })
  return {
    name: name ?? 'cluster-admin',
    client,
    send,
    dryRun: (kind, object) =>
      send('POST', `${apiPath(kind, { namespace: object.metadata.namespace })}?dryRun=All`, {
        ...object,
        apiVersion: apiVersionOf(kind),
        kind: kind.kind,
      }),
    close() {
      client.close()
      agent.destroy()
    },
  }
}

function refusalIn(code: number, text: string): string {
  if (code < 300) return ''
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text
  } catch {
    return text || `HTTP ${code}`
  }
}

/** What the API server said against it; '' where it did it. */
export const refusal = (write: Promise<unknown>): Promise<string> =>
  write.then(
    () => '',
    (error: Error) => error.message || error.name,
  )

/** Binds somebody to one of the shipped roles, as an admin of the cluster would. */
export const persona = (user: string, role: string, namespace: string): RoleBinding => ({
  apiVersion: apiVersionOf(RoleBinding),
  kind: 'RoleBinding',
  metadata: { name: `test-${user.replaceAll(':', '-')}-${role}`, namespace },
  roleRef: { apiGroup: RoleBinding.group, kind: 'ClusterRole', name: role },
  subjects: [{ apiGroup: RoleBinding.group, kind: 'User', name: user }],
})

export const role = (name: string, ...rules: PolicyRule[]): ClusterRole => ({
  apiVersion: apiVersionOf(ClusterRole),
  kind: 'ClusterRole',
  metadata: { name },
  rules,
})
