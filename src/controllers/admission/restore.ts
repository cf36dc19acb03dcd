import { APIService } from '#src/api/apiregistration/v1.ts'
import {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Secret, Service } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { LABEL_PART_OF, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import type { Effect, Plan } from '#src/lib/controller.ts'
import { driftOf } from './drift.ts'
import { annotationsFor } from './injected.ts'

export const policyKinds: readonly Kind[] = [
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
]

const kinds: readonly Kind[] = [
  ...policyKinds,
  ValidatingWebhookConfiguration,
  MutatingWebhookConfiguration,
  APIService,
  Service,
]

/** The kind of an object that is kept here. */
export const kindOf = ({ kind }: KubernetesObject): Kind =>
  kinds.find(known => known.kind === kind)!

export const liveOf = (object: KubernetesObject, cluster: Cluster): KubernetesObject | undefined =>
  cluster.get(kindOf(object), object.metadata.name, object.metadata.namespace)

/**
 * Puts one object back: whole, since applying would leave fields standing that somebody else
 * added. `secret` is the one whose age tells whether the object could have been there before;
 * `own` is false where somebody else writes its bundles.
 */
export function restore(
  wanted: KubernetesObject,
  secret: string,
  cluster: Cluster,
  own = true,
): Plan {
  const live = liveOf(wanted, cluster)
  if (!live) {
    const effects = isNew(secret, cluster) ? [] : [report(wanted, 'missing', 'it was missing')]
    return { apply: [wanted], effects }
  }
  const drift = driftOf(wanted, live)
  const unlabelled = live.metadata.labels?.[LABEL_PART_OF] !== 'kradle'
  const annotations = annotationsFor(wanted, live, own)
  if (drift.length === 0 && !unlabelled && !annotations) return {}
  const foreign = drift.find(path => !OURS.test(path))
  return {
    replace: [
      {
        ...wanted,
        metadata: {
          ...live.metadata,
          labels: { ...live.metadata.labels, ...wanted.metadata.labels },
          ...(annotations && { annotations }),
        },
      },
    ],
    effects: foreign
      ? [report(wanted, String(live.metadata.resourceVersion), `it was changed at ${foreign}`)]
      : [],
  }
}

/** A new authority or address is our own doing and not worth a word. */
const OURS = /\.(clientConfig|caBundle|service|externalName)\b/

/** Whether the first certificate was made just now: what is missing then was never there. */
function isNew(secret: string, cluster: Cluster): boolean {
  const made = cluster.get(Secret, secret, PLATFORM_NAMESPACE)?.metadata.creationTimestamp
  return made === undefined || cluster.now.getTime() - Date.parse(made) < NEW_MS
}

const NEW_MS = 5_000

const report = ({ kind, metadata }: KubernetesObject, version: string, what: string): Effect => ({
  type: 'report-drift',
  key: `${kind}/${metadata.name}/${version}`,
  kind,
  name: metadata.name,
  what,
})
