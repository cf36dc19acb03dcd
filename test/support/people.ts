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
}

/** Somebody with a certificate of his own, or whom cluster-admin acts as where the name is one that no certificate can have. */
export async function person(controlPlane: ControlPlane, name: string): Promise<Person> {
  const { server, adminCertificate } = controlPlane
  const isAccount = name.startsWith('system:')
  const { cert, key } = isAccount ? adminCertificate : await controlPlane.certificateFor(name)
  const client = new Client({
    server: new URL(server),
    tls: {
      cert: Buffer.from(cert),
      key: Buffer.from(key),
      ca: Buffer.from(adminCertificate.ca),
    },
    authorize: async () => (isAccount ? { 'impersonate-user': name } : {}),
    refused: () => {},
  })
  return {
    name,
    client,
    dryRun: (kind, object) =>
      refusal(
        client.raw({
          method: 'POST',
          path: apiPath(kind, { namespace: object.metadata.namespace }),
          query: { dryRun: 'All' },
          body: { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind },
        }),
      ),
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
