import { APIService } from '#src/api/apiregistration/v1.ts'
import { Namespace, Secret } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { ACTIVITY_API_SERVICE, LABEL_PART_OF, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { controller, watch, type Plan, type Removal, type Writes } from '#src/lib/controller.ts'
import { planCertificate } from './certificate-plan.ts'
import type { Installation } from './installed.ts'
import { kindOf, policyKinds, restore } from './restore.ts'

/**
 * Keeps what the API server is told about Kradle: webhook configurations,
 * admission policies, the APIService of the activity API, and the authorities
 * that signed the certificates behind them.
 *
 * The API server exempts its own admission configuration from admission, so
 * nothing can refuse a change to these objects. Whoever has the right may break
 * the glass; this puts the glass back and says so.
 *
 * It hangs on the platform namespace because that is the one object which is
 * always there when any of the others may be missing.
 */
export const installation = (parts: Installation) => {
  const { policies, certificates } = parts
  const secrets = certificates.map(({ secret }) => secret)
  const led = certificates.flatMap(({ objects }) => objects)
  const toOwners = () => [{ name: PLATFORM_NAMESPACE }]
  return controller(Namespace, {
    name: 'installation',
    resourceName: PLATFORM_NAMESPACE,
    watches: [
      ...secrets.map(name => watch(Secret, { namespace: PLATFORM_NAMESPACE, name, toOwners })),
      ...led.map(object => {
        const { name, namespace } = object.metadata
        return watch(kindOf(object), { name, ...(namespace && { namespace }), toOwners })
      }),
      ...(hasActivity(parts) ? [] : [watch(APIService, { name: ACTIVITY_API_SERVICE, toOwners })]),
      ...policyKinds
        .filter(kind => policies.some(policy => policy.kind === kind.kind))
        .map(kind => watch(kind, { labels: { [LABEL_PART_OF]: 'kradle' }, toOwners })),
    ],
    writes: [
      ...writesOf([...policies, ...led]),
      ...(hasActivity(parts)
        ? []
        : [
            { kind: APIService, verbs: ['delete'] as const, resourceNames: [ACTIVITY_API_SERVICE] },
          ]),
      { kind: Secret, verbs: ['create'], namespace: PLATFORM_NAMESPACE },
      ...secrets.map(name => ({
        kind: Secret,
        verbs: ['patch'] as const,
        namespace: PLATFORM_NAMESPACE,
        resourceNames: [name],
      })),
    ],
    // Two rotations from one stale look would publish an authority that never serves.
    lookups: () => secrets.map(name => ({ kind: Secret, name, namespace: PLATFORM_NAMESPACE })),
    reconcile: (_, cluster) => reconcile(parts, cluster),
  })
}

/** Leave to make each of the objects, and to change it by its name. */
function writesOf(objects: readonly KubernetesObject[]): Writes[] {
  const kinds = new Set(objects.map(kindOf))
  return [...kinds].flatMap((kind: Kind) => {
    const ofKind = objects.filter(object => kindOf(object) === kind)
    const namespace = kind.namespaced ? { namespace: PLATFORM_NAMESPACE } : {}
    const resourceNames = ofKind.map(({ metadata }) => metadata.name)
    return [
      { kind, verbs: ['create'] as const, ...namespace },
      { kind, verbs: ['patch', 'update'] as const, resourceNames, ...namespace },
    ]
  })
}

function reconcile(parts: Installation, cluster: Cluster): Plan {
  const { policies, certificates, ownCertificates } = parts
  const [{ secret: first } = { secret: '' }] = certificates
  const plans = [
    ...policies.map(policy => restore(policy, first, cluster)),
    ...certificates.flatMap(each => planCertificate(each, ownCertificates, cluster)),
  ]
  const waits = plans.flatMap(({ requeueAfter }) => requeueAfter ?? [])
  return {
    apply: plans.flatMap(({ apply }) => apply ?? []),
    replace: plans.flatMap(({ replace }) => replace ?? []),
    delete: hasActivity(parts) ? [] : leftBehind(cluster),
    effects: plans.flatMap(({ effects }) => effects ?? []),
    ...(waits.length > 0 && { requeueAfter: Math.min(...waits) }),
  }
}

const hasActivity = ({ certificates }: Installation): boolean =>
  certificates.some(({ objects }) => objects.some(({ kind }) => kind === APIService.kind))

/**
 * The APIService of an activity API that is no longer installed: discovery of the whole cluster
 * fails for as long as it points at nobody.
 */
function leftBehind(cluster: Cluster): Removal[] {
  const live = cluster.get(APIService, ACTIVITY_API_SERVICE)
  return live?.metadata.labels?.[LABEL_PART_OF] === 'kradle'
    ? [{ kind: APIService, name: ACTIVITY_API_SERVICE, uid: live.metadata.uid }]
    : []
}
