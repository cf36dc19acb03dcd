/** Manifests as people write them: without organisation and labels, which are filled in. */

export interface Written {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec?: object
}

const KRADLE = 'kradle.a5c.ai/v1alpha1'
const ACTIVITY = 'activity.kradle.a5c.ai/v1alpha1'
const RBAC = 'rbac.authorization.k8s.io'

const made =
  (apiVersion: string) =>
  (kind: string, name: string, spec: object, metadata: object = {}): Written => ({
    apiVersion,
    kind,
    metadata: { name, ...metadata },
    spec,
  })

/** A kind of configuration. */
export const kradle = made(KRADLE)

/** A kind of activity. */
export const activity = made(ACTIVITY)

export const secret = (name: string, values: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData: values,
})

/** A Pod of one container, which needs nothing of a node. */
export const pod = (name: string, container: object = {}, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    automountServiceAccountToken: false,
    containers: [{ name: 'main', image: 'registry.example/main:1', ...container }],
    ...spec,
  },
})

/** A container's environment with one key of a Secret. */
export const withKey = (name: string, key: string) => ({
  env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name, key } } }],
})

/** Binds users to a role; a ClusterRole where it has the name of one. */
export const roleBinding = (
  name: string,
  role: { readonly kind: 'Role' | 'ClusterRole'; readonly name: string },
  users: readonly string[],
  namespace?: string,
) => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'RoleBinding',
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  roleRef: { apiGroup: RBAC, ...role },
  subjects: users.map(user => ({ apiGroup: RBAC, kind: 'User', name: user })),
})

export const role = (name: string, ...rules: readonly object[]) => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'Role',
  metadata: { name },
  rules,
})

/** A Role of this name, and who has it. */
export const lent = (name: string, users: readonly string[], ...rules: readonly object[]) => [
  role(name, ...rules),
  roleBinding(name, { kind: 'Role', name }, users),
]

/** The user name of an account of Kradle's own. */
export const ofKradle = (account: string): string =>
  `system:serviceaccount:kradle-system:${account}`
