import { rules, mutations } from '#webhooks/index.ts'
import { called, inProcess, registry } from '#webhooks/registry.ts'
import {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from './api/admissionregistration/v1.ts'
import { CustomResourceDefinition } from './api/apiextensions/v1.ts'
import { Lease } from './api/coordination/v1.ts'
import { ConfigMap, Event, Namespace, ResourceQuota, Secret } from './api/core/v1.ts'
import { resourceOf, type Kind } from './api/kind.ts'
import {
  APISERVER_SECRET,
  PLATFORM_NAMESPACE,
  WEBHOOK_CONFIGURATION,
  WEBHOOK_SECRET,
} from './api/names.ts'
import type { KubernetesObject } from './api/object.ts'
import { ClusterRole } from './api/rbac/v1.ts'
import { CONFIGURATION_KINDS } from './apiserver/admission/configuration-watch.ts'
import { AUTHENTICATION_CONFIG } from './apiserver/auth/authentication-config-watch.ts'
import { REVIEW_READS, REVIEW_WATCHES } from './apiserver/reviews/kinds.ts'
import { admission } from './controllers/admission/index.ts'
import { installationOf } from './controllers/admission/installed.ts'
import type { Address } from './controllers/admission/served-certificates.ts'
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
import { judgedKinds, keptRules } from './scan/kept.ts'
import { reportApis, reportKinds } from './scan/report-api.ts'
import { permissionsOf, roleTemplates } from './permissions/role-templates.ts'

/** One permission of a service account. */
export interface Grant {
  readonly kind: Kind
  readonly subresource?: string
  readonly verbs: readonly string[]
  readonly namespace?: string
  readonly resourceNames?: readonly string[]
}

const WATCH = ['list', 'watch']

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

const TokenReview: Kind = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  namespaced: false,
}

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
  const installed = (activity?: Address) =>
    admission(installationOf(manifests, { webhook: 'service', activity, ownCertificates: true }))
  return [
    {
      name: 'admission-controller',
      // With kradle-apiserver in the cluster, on the host of a local control plane, or not at all.
      grants: ['service' as const, { url: 'https://localhost:6444' }, undefined].flatMap(activity =>
        grantsOf(installed(activity)),
      ),
    },
    { name: 'grants-controller', grants: [...grantsOf(grants), ...lentByGrants()] },
    ...plain.map(each => ({ name: each.name, grants: grantsOf(each) })),
    {
      name: 'policy-controller',
      // By whichever group is reported.
      grants: withoutDoubles(reportApis.flatMap(api => grantsOf(policy(api)))),
    },
    { name: 'apiserver', grants: apiserverGrants() },
    { name: 'scan-controller', grants: scanGrants() },
    { name: 'webhook', grants: webhookGrants() },
  ]
}

const withoutDoubles = (list: readonly Grant[]): readonly Grant[] => [
  ...new Map(list.map(grant => [JSON.stringify(grant), grant])).values(),
]

/** The Deployments that need nothing but what their controllers declare. */
const plain: readonly Deployment[] = [
  agents,
  artifact,
  external,
  hooks,
  identity,
  inference,
  repository,
  runner,
  webUi,
  workspace,
]

/** What the controllers of a Deployment declare, and what the runtime itself needs. */
function grantsOf({ name, controllers }: Deployment): readonly Grant[] {
  return [
    ...leaseGrants(name),
    { kind: Event, verbs: ['create', 'patch'] },
    ...controllers.flatMap(grantsOfController),
  ]
}

function grantsOfController(controller: Deployment['controllers'][number]): readonly Grant[] {
  const { kind, namespace, finalizer, watches, writes, resourceName } = controller
  // What it looks up of these, and what it relied on before it lets an object go, is read by the right to list.
  return [
    {
      kind,
      verbs: WATCH,
      ...(namespace && { namespace }),
      ...(resourceName && { resourceNames: [resourceName] }),
    },
    ...(kind.scope
      ? [{ kind, subresource: 'status', verbs: ['patch'], ...(namespace && { namespace }) }]
      : []),
    ...(finalizer ? [{ kind, verbs: ['patch'], ...(namespace && { namespace }) }] : []),
    ...watches.map(watch => ({
      kind: watch.kind,
      verbs: WATCH,
      ...(watch.namespace && { namespace: watch.namespace }),
      ...(watch.name && { resourceNames: [watch.name] }),
    })),
    ...watches
      .filter(({ optional }) => optional)
      .map(watch => ({
        kind: CustomResourceDefinition,
        verbs: WATCH,
        resourceNames: [resourceOf(watch.kind)],
      })),
    ...writes,
  ]
}

/** resourceNames cannot limit a create; the Lease of another Deployment stays out of reach for the rest. */
const leaseGrants = (name: string): readonly Grant[] => [
  { kind: Lease, verbs: ['create'], namespace: PLATFORM_NAMESPACE },
  { kind: Lease, verbs: ['get', 'update'], namespace: PLATFORM_NAMESPACE, resourceNames: [name] },
]

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
  const { watches, names, gets, live } = registry(rules, mutations, called)
  return [
    ...[...watches, ...names].map(kind => ({ kind, verbs: WATCH })),
    ...[...live, ...gets]
      .filter(kind => !tenantReads.includes(resourceOf(kind)))
      .map(kind => ({ kind, verbs: ['get'] })),
    { kind: SubjectAccessReview, verbs: ['create'] },
    {
      kind: Secret,
      verbs: WATCH,
      namespace: PLATFORM_NAMESPACE,
      resourceNames: [WEBHOOK_SECRET],
    },
    ...[ValidatingWebhookConfiguration, MutatingWebhookConfiguration].map(kind => ({
      kind,
      verbs: WATCH,
      resourceNames: [WEBHOOK_CONFIGURATION],
    })),
  ]
}

/** Beside what its rules and reviews read: whom to believe, what the cluster wants to be asked, and who may do what. */
function apiserverGrants(): readonly Grant[] {
  const { watches, names, live } = registry(rules, mutations, inProcess)
  return [
    ...[...watches, ...names].filter(called).map(kind => ({ kind, verbs: WATCH })),
    ...[...REVIEW_WATCHES, ...CONFIGURATION_KINDS].map(kind => ({ kind, verbs: WATCH })),
    ...[...live, ...REVIEW_READS, Namespace].map(kind => ({ kind, verbs: ['get'] })),
    { kind: Namespace, verbs: WATCH },
    { kind: ResourceQuota, verbs: WATCH },
    { kind: SubjectAccessReview, verbs: ['create'] },
    { kind: TokenReview, verbs: ['create'] },
    {
      kind: ConfigMap,
      verbs: WATCH,
      namespace: AUTHENTICATION_CONFIG.namespace,
      resourceNames: [AUTHENTICATION_CONFIG.name],
    },
    {
      kind: Secret,
      verbs: WATCH,
      namespace: PLATFORM_NAMESPACE,
      resourceNames: [APISERVER_SECRET],
    },
  ]
}

/** What its rules judge and read, and reports. No Secret is among them: whether one is there, the grants say themselves. */
function scanGrants(): readonly Grant[] {
  const kept = keptRules(rules)
  const { watches, gets } = kept.open
  return [
    ...leaseGrants('scan-controller'),
    ...judgedKinds(kept).map(kind => ({ kind, verbs: ['list'] })),
    ...watches.map(kind => ({ kind, verbs: WATCH })),
    ...gets.map(kind => ({ kind, verbs: ['get'] })),
    ...Object.values(reportKinds).map(kind => ({
      kind,
      verbs: ['list', 'create', 'update', 'delete'],
    })),
  ]
}
