import type { AuthProvider, IdentityMapping, Invite, User } from '#src/api/identity/v1alpha1.ts'
import { LABEL_ORG, orgNamespace } from '#src/api/names.ts'
import type { ObjectMeta } from '#src/api/object.ts'

const KRADLE = 'kradle.a5c.ai/v1alpha1'

interface Parts<T> {
  readonly metadata?: Partial<ObjectMeta>
  readonly spec?: Partial<T>
  readonly slug?: string
}

const meta = (name: string, slug: string, metadata: Partial<ObjectMeta>): ObjectMeta => ({
  name,
  namespace: orgNamespace(slug),
  uid: `uid-of-${name}`,
  creationTimestamp: '2026-11-20T12:00:00Z',
  labels: { [LABEL_ORG]: slug },
  ...metadata,
})

/** An active User without any role. */
export const user = (
  name = 'jane',
  { metadata = {}, spec = {}, slug = 'acme' }: Parts<User['spec']> = {},
): User => ({
  apiVersion: KRADLE,
  kind: 'User',
  metadata: meta(name, slug, metadata),
  spec: {
    organizationRef: slug,
    displayName: name,
    email: `${name}@example.com`,
    signInState: 'active',
    admin: false,
    ...spec,
  },
})

/** The account of the same name at Kubernetes. */
export const mapping = (
  name = 'jane',
  { metadata = {}, spec = {}, slug = 'acme' }: Parts<IdentityMapping['spec']> = {},
): IdentityMapping => ({
  apiVersion: KRADLE,
  kind: 'IdentityMapping',
  metadata: meta(name, slug, metadata),
  spec: { organizationRef: slug, user: name, provider: 'kubernetes', subject: name, ...spec },
})

/** An Invite of a day ago that nobody has accepted. */
export const invite = (
  name = 'jane',
  { metadata = {}, spec = {}, slug = 'acme' }: Parts<Invite['spec']> = {},
): Invite => ({
  apiVersion: KRADLE,
  kind: 'Invite',
  metadata: meta(name, slug, metadata),
  spec: {
    organizationRef: slug,
    email: `${name}@example.com`,
    role: 'member',
    revoked: false,
    ...spec,
  },
})

/** An OpenID provider. */
export const authProvider = (
  name = 'login',
  { metadata = {}, spec = {}, slug = 'acme' }: Parts<AuthProvider['spec']> = {},
): AuthProvider => ({
  apiVersion: KRADLE,
  kind: 'AuthProvider',
  metadata: meta(name, slug, metadata),
  spec: {
    organizationRef: slug,
    type: 'oidc',
    issuer: 'https://login.example.com',
    hidden: false,
    ...spec,
  },
})
