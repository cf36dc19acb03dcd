import { rules, mutations } from '#webhooks/index.ts'
import { called, registry } from '#webhooks/registry.ts'
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from './api/admissionregistration/v1.ts'
import { Lease } from './api/coordination/v1.ts'
import { Event, Secret } from './api/core/v1.ts'
import { resourceOf, type Kind } from './api/kind.ts'
import {
  PLATFORM_NAMESPACE,
  WEBHOOK_CONFIGURATION,
  WEBHOOK_SECRET,
  WEBHOOK_SERVICE,
} from './api/names.ts'
import type { KubernetesObject } from './api/object.ts'
import { ClusterRole } from './api/rbac/v1.ts'
import { admission } from './controllers/admission/index.ts'
import { agents } from './controllers/agents/index.ts'
import { artifact } from './controllers/artifact/index.ts'
import { external } from './controllers/external/index.ts'
import { grants } from './controllers/grants/index.ts'
import { hooks } from './controllers/hooks/index.ts'
import { identity } from './controllers/identity/index.ts'
import { inference } from './controllers/inference/index.ts'
import { policy } from './controllers/policy/index.ts'
import { repository } from './controllers/repository/index.ts'
import { runner } from './controllers/runner/index.ts'
import { webUi } from './controllers/web-ui/index.ts'
import { workspace } from './controllers/workspace/index.ts'
import type { Deployment } from './lib/controller.ts'
import { permissionsOf, roleTemplates } from './permissions/role-templates.ts'

/** One permission of a service account. */
export interface Grant {
  readonly kind: Kind
  readonly subresource?: string
  readonly verbs: readonly string[]
  readonly namespace?: string
  readonly resourceNames?: readonly string[]
}

const READ = ['get', 'list', 'watch']

/**
 * What is read live, by name, in the namespaces of organisations and nowhere else: by
 * ClusterRole kradle-tenant-reader, which the identity controller binds there.
 */
export const tenantReads: readonly string[] = [
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'secrets',
  'serviceaccounts',
]

const SubjectAccessReview: Kind = {
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
}

/** Every Deployment with what it may do: the source of the chart's RBAC. `manifests` are the admission objects it ships. */
export function deployments(
  manifests: readonly KubernetesObject[],
): readonly { readonly name: string; readonly grants: readonly Grant[] }[] {
  const installed = { manifests, address: { service: WEBHOOK_SERVICE }, ownCertificates: true }
  return [
    { name: 'admission-controller', grants: grantsOf(admission(installed)) },
    { name: 'grants-controller', grants: [...grantsOf(grants), ...lentByGrants()] },
    ...plain.map(each => ({ name: each.name, grants: grantsOf(each) })),
    { name: 'webhook', grants: webhookGrants() },
  ]
}

/** The Deployments that need nothing but what their controllers declare. */
const plain: readonly Deployment[] = [
  agents,
  artifact,
  external,
  hooks,
  identity,
  inference,
  policy,
  repository,
  runner,
  webUi,
  workspace,
]

/** What the controllers of a Deployment declare, and what the runtime itself needs. */
function grantsOf({ name, controllers }: Deployment): readonly Grant[] {
  return [
    // resourceNames cannot limit a create; the Lease of another Deployment stays out of reach for the rest.
    { kind: Lease, verbs: ['create'], namespace: PLATFORM_NAMESPACE },
    { kind: Lease, verbs: ['get', 'update'], namespace: PLATFORM_NAMESPACE, resourceNames: [name] },
    { kind: Event, verbs: ['create', 'get', 'patch'] },
    ...controllers.flatMap(({ kind, namespace, finalizer, watches, writes, resourceName }) => [
      {
        kind,
        verbs: READ,
        ...(namespace && { namespace }),
        ...(resourceName && { resourceNames: [resourceName] }),
      },
      ...(kind.scope
        ? [{ kind, subresource: 'status', verbs: ['patch'], ...(namespace && { namespace }) }]
        : []),
      ...(finalizer ? [{ kind, verbs: ['patch'], ...(namespace && { namespace }) }] : []),
      ...watches.map(watch => ({
        kind: watch.kind,
        verbs: READ,
        ...(watch.namespace && { namespace: watch.namespace }),
        ...(watch.name && { resourceNames: [watch.name] }),
      })),
      ...writes,
    ]),
  ]
}

/**
 * The rules of all role templates: the API server lets nobody lend what he does not hold
 * himself, so this is what agents can be lent. And the native roles that bindings name,
 * which have to be looked through first.
 */
function lentByGrants(): readonly Grant[] {
  return [
    { kind: ClusterRole, verbs: ['get'] },
    ...permissionsOf(Object.values(roleTemplates).flat()).map(({ verb, group, resource }) => {
      const [plural = '', subresource] = resource.split('/')
      return {
        kind: { group, version: 'v1', kind: plural, plural, namespaced: true },
        ...(subresource !== undefined && { subresource }),
        verbs: [verb],
      }
    }),
  ]
}

function webhookGrants(): readonly Grant[] {
  const { watches, names, gets } = registry(rules, mutations, called)
  return [
    ...[...watches, ...names].map(kind => ({ kind, verbs: READ })),
    ...gets
      .filter(kind => !tenantReads.includes(resourceOf(kind)))
      .map(kind => ({ kind, verbs: ['get'] })),
    { kind: SubjectAccessReview, verbs: ['create'] },
    {
      kind: Secret,
      verbs: READ,
      namespace: PLATFORM_NAMESPACE,
      resourceNames: [WEBHOOK_SECRET],
    },
    ...[ValidatingWebhookConfiguration, MutatingWebhookConfiguration].map(kind => ({
      kind,
      verbs: READ,
      resourceNames: [WEBHOOK_CONFIGURATION],
    })),
  ]
}
