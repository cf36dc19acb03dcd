import type { Access } from './kubeconfig.ts'

/** The roles of an organisation that a local cluster has somebody for. */
export const personas = ['admin', 'maintainer', 'member', 'viewer'] as const
export type Persona = (typeof personas)[number]

type Tenant = { readonly slug: string; readonly namespace: string }

/** Whom the certificate of a persona names. */
export const personName = ({ slug }: Tenant, persona: Persona): string => `${slug}-${persona}`

/** What makes somebody a persona. Made by hand, as an admin of the cluster would; Kradle leaves it alone. */
export const personaBinding = (tenant: Tenant, persona: Persona) =>
  roleBinding(
    `local-${persona}`,
    tenant.namespace,
    `kradle-${persona}`,
    personName(tenant, persona),
  )

/** Whoever looks after the platform: Organizations, and nothing inside of them. */
export const platformAdmin = 'platform-admin'
export const platformAdminBinding = roleBinding(
  'local-platform-admin',
  'kradle-system',
  'kradle-platform-admin',
  platformAdmin,
)

type Certificate = { readonly cert: string; readonly key: string }
type Cluster = Pick<Access, 'server' | 'ca'>

/** A context per persona, and one of an agent that runs as the account `agent`, which gets no token anywhere. */
export function personaAccesses(
  tenant: Tenant,
  cluster: Cluster,
  certificates: Readonly<Record<Persona, Certificate>>,
  admin: Certificate,
): Access[] {
  const { slug, namespace } = tenant
  return [
    ...personas.map(persona => ({
      ...cluster,
      name: personName(tenant, persona),
      namespace,
      user: certificates[persona],
    })),
    {
      ...cluster,
      name: `${slug}-agent`,
      namespace,
      user: {
        cert: admin.cert,
        key: admin.key,
        as: `system:serviceaccount:${namespace}:agent`,
        groups: [
          'system:authenticated',
          'system:serviceaccounts',
          `system:serviceaccounts:${namespace}`,
        ],
      },
    },
  ]
}

function roleBinding(name: string, namespace: string, role: string, user: string) {
  const api = 'rbac.authorization.k8s.io'
  return {
    apiVersion: `${api}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: api, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: api, kind: 'User', name: user }],
  }
}
