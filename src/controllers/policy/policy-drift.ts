import type { KubernetesObject } from '#src/api/object.ts'
import { contains } from '#src/lib/applied.ts'
import type { KyvernoPolicy } from '#src/policy/kyverno.ts'

/** What the API server writes into policies that say nothing of it, as of Kyverno 1.19. */
const DEFAULTS = {
  spec: {
    evaluation: {
      admission: { enabled: true },
      background: { enabled: true },
      generateExisting: { enabled: false },
      mutateExisting: { enabled: false },
      orphanDownstreamOnPolicyDelete: { enabled: false },
      skipBackgroundRequests: true,
      synchronize: { enabled: false },
    },
    validationConfigurations: { mutateDigest: true, required: true, verifyDigest: true },
  },
}

/**
 * The policy to be put in place of the one that stands, where somebody added to that; undefined
 * where nobody did. What others add to a list or a map stays theirs, and applying ours does not
 * take it away: a condition more, or Warn beside Deny, would be in force.
 */
export function replacementOf(
  wanted: KyvernoPolicy,
  live: KubernetesObject | undefined,
): KubernetesObject | undefined {
  if (!live || !exceeds(partsOf(live), partsOf(wanted), DEFAULTS)) return undefined
  const { uid, resourceVersion } = live.metadata
  return {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
  }
}

/** What of a policy decides on what it does and whose it is. */
const partsOf = ({ metadata, ...rest }: KubernetesObject): Fields => {
  const { labels = {}, annotations = {}, ownerReferences = [], finalizers = [] } = metadata
  const { spec } = rest as Partial<KyvernoPolicy>
  return { spec, labels, annotations, ownerReferences, finalizers }
}

/** Whether there is more than what is wanted and what nobody wrote. Other differences are for apply to mend. */
function exceeds(live: unknown, wanted: unknown, defaults: unknown): boolean {
  if (wanted === undefined) return !contains(defaults, live)
  if (Array.isArray(live)) return Array.isArray(wanted) && live.length > wanted.length
  if (!isFields(live) || !isFields(wanted)) return false
  const known = isFields(defaults) ? defaults : {}
  return Object.keys(live).some(key => exceeds(live[key], wanted[key], known[key]))
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
