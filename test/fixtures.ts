import type { AdmissionRequest, Operation } from '#src/api/admission/v1.ts'
import type { Namespace } from '#src/api/core/v1.ts'
import type { Organization, OrgNamespaceBinding, Team } from '#src/api/identity/v1alpha1.ts'
import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import { LABEL_ORG, LABEL_OWNER_UID, orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject, ObjectMeta, UnknownObject } from '#src/api/object.ts'
import { clusterOf, type Cluster } from '#src/lib/cluster.ts'
import { readRequest } from '#webhooks/request.ts'
import type { Request } from '#webhooks/rule.ts'

/** The time of every decision in unit tests. */
export const now = new Date('2026-11-21T12:00:00Z')

export const cluster = (...objects: KubernetesObject[]): Cluster => clusterOf(objects, now)

export function organization(slug = 'acme', metadata: Partial<ObjectMeta> = {}): Organization {
  return {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'Organization',
    metadata: { name: slug, namespace: PLATFORM_NAMESPACE, uid: `uid-of-${slug}`, ...metadata },
    spec: { displayName: slug, namespaceName: orgNamespace(slug) },
  }
}

export function binding(slug = 'acme', metadata: Partial<ObjectMeta> = {}): OrgNamespaceBinding {
  return {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'OrgNamespaceBinding',
    metadata: {
      name: slug,
      namespace: PLATFORM_NAMESPACE,
      uid: `uid-of-${slug}-binding`,
      ...metadata,
    },
    spec: { organizationRef: slug, namespace: orgNamespace(slug) },
  }
}

/** The namespace of an organisation, as the identity controller makes it. */
export function tenant(slug = 'acme', metadata: Partial<ObjectMeta> = {}): Namespace {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: orgNamespace(slug),
      uid: `uid-of-${slug}-namespace`,
      labels: { [LABEL_ORG]: slug, [LABEL_OWNER_UID]: `uid-of-${slug}` },
      ...metadata,
    },
  }
}

/** A Team that leaves nothing out. */
export function team(
  slug = 'acme',
  { metadata = {}, spec = {} }: { metadata?: Partial<ObjectMeta>; spec?: object } = {},
): Team {
  return {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'Team',
    metadata: {
      name: 'core',
      namespace: orgNamespace(slug),
      labels: { [LABEL_ORG]: slug },
      ...metadata,
    },
    spec: { organizationRef: slug, displayName: 'Core', ...spec },
  }
}

/** What the API server would send for a write of the given object. */
export function admissionRequest(
  operation: Operation,
  kind: Kind,
  object: KubernetesObject,
  oldObject?: KubernetesObject,
): AdmissionRequest {
  const { group, version, plural } = kind
  const going = operation === 'DELETE'
  return {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    kind: { group, version, kind: kind.kind },
    resource: { group, version, resource: plural },
    operation,
    name: object.metadata.name,
    ...(object.metadata.namespace && { namespace: object.metadata.namespace }),
    userInfo: { username: 'jane', groups: ['system:authenticated'] },
    object: going ? null : (object as UnknownObject),
    oldObject: (going ? object : (oldObject ?? null)) as UnknownObject | null,
    dryRun: false,
  }
}

/** The same as rules see it. */
export const request = (...args: Parameters<typeof admissionRequest>): Request =>
  readRequest(admissionRequest(...args))

/** An object of any kind, from its parts. */
export const objectOf = <T extends KubernetesObject>(
  kind: Kind<T>,
  rest: Omit<T, 'apiVersion' | 'kind'>,
): T => ({ apiVersion: apiVersionOf(kind), kind: kind.kind, ...rest }) as T
