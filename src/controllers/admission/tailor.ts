import type { WebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import { ACTIVITY_GROUP, GROUP, LABEL_ORG } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { AS_SHIPPED, type Strictness } from './strictness.ts'

/** The part of a webhook or of a policy's matchConstraints that says what it judges, and where. */
interface Judging {
  readonly rules?: readonly Rule[]
  readonly resourceRules?: readonly Rule[]
  readonly namespaceSelector?: { readonly matchExpressions?: readonly object[] }
}

interface Rule {
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
}

/**
 * The shipped objects as they fit a cluster that serves the given kinds of
 * admissionregistration.k8s.io/v1, and as strict as the operator wants them.
 *
 * Where it has MutatingAdmissionPolicy, the API server fills objects in by itself, and
 * the mutating webhook is left with what is in no organisation's namespace, to say why
 * it cannot be. Where it has not (before 1.36), the webhook does all of it.
 */
export function tailored(
  shipped: readonly KubernetesObject[],
  served: readonly string[],
  strictness: Strictness = AS_SHIPPED,
): KubernetesObject[] {
  const fills = served.includes('MutatingAdmissionPolicy')
  return shipped
    .filter(({ kind }) => served.includes(kind))
    .map(object =>
      fills && object.kind === 'MutatingWebhookConfiguration' ? outsideOnly(object) : object,
    )
    .map(object => strict(object, strictness))
}

function outsideOnly(object: KubernetesObject): KubernetesObject {
  const configuration = object as WebhookConfiguration
  const namespaceSelector = { matchExpressions: [{ key: LABEL_ORG, operator: 'DoesNotExist' }] }
  return {
    ...configuration,
    webhooks: configuration.webhooks?.map(webhook => ({ ...webhook, namespaceSelector })),
  } as KubernetesObject
}

function strict(object: KubernetesObject, strictness: Strictness): KubernetesObject {
  const { failurePolicies, timeoutSeconds, exempt } = strictness
  const { webhooks, spec } = object as WebhookConfiguration & {
    readonly spec?: { readonly matchConstraints?: Judging }
  }
  if (webhooks)
    return {
      ...object,
      webhooks: webhooks.map(webhook => ({
        ...exempting(webhook as typeof webhook & Judging, exempt),
        ...(failurePolicies.has(webhook.name) && {
          failurePolicy: failurePolicies.get(webhook.name),
        }),
        ...(timeoutSeconds.has(webhook.name) && {
          timeoutSeconds: timeoutSeconds.get(webhook.name),
        }),
      })),
    } as KubernetesObject
  if (!spec?.matchConstraints) return object
  const matchConstraints = exempting(spec.matchConstraints, exempt)
  return { ...object, spec: { ...spec, matchConstraints } } as KubernetesObject
}

/** The same without the exempt namespaces, by a label that the API server itself keeps on every namespace. */
function exempting<J extends Judging>(judging: J, exempt: readonly string[]): J {
  if (exempt.length === 0 || isAlwaysJudged(judging)) return judging
  const { namespaceSelector } = judging
  const elsewhere = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: exempt }
  const matchExpressions = [...(namespaceSelector?.matchExpressions ?? []), elsewhere]
  return { ...judging, namespaceSelector: { ...namespaceSelector, matchExpressions } }
}

/**
 * What holds in exempt namespaces too. An object of Kradle's own that stands outside of the
 * namespaces of organisations would be taken for one of an organisation's, whoever wrote it; and
 * a namespace that could be labelled as an organisation's would become one.
 */
const isAlwaysJudged = ({ rules = [], resourceRules = [] }: Judging): boolean =>
  [...rules, ...resourceRules].some(
    ({ apiGroups = [], resources = [] }) =>
      apiGroups.some(group => ['*', GROUP, ACTIVITY_GROUP].includes(group)) ||
      (apiGroups.includes('') && resources.some(each => /^(namespaces(\/.*)?|\*.*)$/.test(each))),
  )
