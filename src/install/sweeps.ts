import {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { APIService } from '#src/api/apiregistration/v1.ts'
import { Lease } from '#src/api/coordination/v1.ts'
import { ResourceQuota, Secret, Service } from '#src/api/core/v1.ts'
import { namespacedPolicies, PolicyException } from '#src/api/kyverno/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import {
  ACTIVITY_API_SERVICE,
  APISERVER_SECRET,
  APISERVER_SERVICE,
  LABEL_MANAGED_BY,
  LABEL_PART_OF,
  PLATFORM_NAMESPACE,
  WEBHOOK_SECRET,
} from '#src/api/names.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import { CENSUS_NAME } from '#src/controllers/identity/census.ts'
import { LABEL_POLICY_BINDING } from '#src/policy/names.ts'
import { OWN_REPORTS, reportKinds } from '#src/scan/report-api.ts'

/** Objects of a kind that are to go: by their names, or all that are selected. */
export interface Sweep {
  readonly kind: Kind
  readonly namespace?: string
  /** Each is looked at by its name. */
  readonly names?: readonly string[]
  /** What a list is asked for; either this or `names`. */
  readonly selection?: {
    readonly labelSelector?: string
    readonly fieldSelector?: string
  }
  /** Whether what bears one of the names is ours; left out, it takes our label. */
  readonly isOurs?: (object: KubernetesObject) => boolean
  /** Whether that takes more than its metadata. */
  readonly whole?: true
}

const bearsLabel = ({ metadata }: KubernetesObject): boolean =>
  metadata.labels?.[LABEL_PART_OF] === 'kradle'

const labelled = (kind: Kind): Sweep => ({
  kind,
  selection: { labelSelector: `${LABEL_PART_OF}=kradle` },
})

const GENERATED = `${LABEL_MANAGED_BY}=kradle,${LABEL_POLICY_BINDING}`

/**
 * What forbids strangers to touch the rest: webhooks first, since they alone can be out of
 * reach. A binding goes before its policy, or the API server finds it naming none.
 */
export const guards: readonly Sweep[] = [
  labelled(ValidatingWebhookConfiguration),
  labelled(MutatingWebhookConfiguration),
  labelled(ValidatingAdmissionPolicyBinding),
  labelled(MutatingAdmissionPolicyBinding),
  labelled(ValidatingAdmissionPolicy),
  labelled(MutatingAdmissionPolicy),
]

/** What Kyverno goes by. Policies before the exceptions from them, or what is exempt is refused for a moment. */
export const generated: readonly Sweep[] = [
  ...namespacedPolicies.map(kind => ({ kind, selection: { labelSelector: GENERATED } })),
  {
    kind: PolicyException,
    namespace: PLATFORM_NAMESPACE,
    selection: { labelSelector: GENERATED },
  },
  ...Object.values(reportKinds).map(kind => ({
    kind,
    selection: { labelSelector: OWN_REPORTS },
  })),
]

/** What else controllers made for Kradle itself. `leaders` are the names of those that held a Lease. */
export const leftovers = (leaders: readonly string[]): readonly Sweep[] => [
  { kind: APIService, names: [ACTIVITY_API_SERVICE] },
  { kind: ResourceQuota, selection: { fieldSelector: `metadata.name=${CENSUS_NAME}` } },
  // Those that cert-manager keeps bear no label of ours, and it would only make them again.
  { kind: Secret, namespace: PLATFORM_NAMESPACE, names: [WEBHOOK_SECRET, APISERVER_SECRET] },
  {
    kind: Service,
    namespace: PLATFORM_NAMESPACE,
    names: [APISERVER_SERVICE],
    whole: true,
    // Where kradle-apiserver runs outside of the cluster; the other one is Helm's.
    isOurs: object =>
      bearsLabel(object) && (object as UnknownObject).spec?.['type'] === 'ExternalName',
  },
  {
    kind: Lease,
    namespace: PLATFORM_NAMESPACE,
    names: leaders,
    // Of a name that is ours in a namespace that is ours: leader election writes no labels.
    isOurs: () => true,
  },
]

/** Whether an object that was found by its name may go. */
export const isOurs = (sweep: Sweep, object: KubernetesObject): boolean =>
  (sweep.isOurs ?? bearsLabel)(object)
