import type { ResourceQuota } from '#src/api/core/v1.ts'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import { parseQuantity } from '#src/lib/schema/dynamic/quantities.ts'
import type { StatusError } from '../status-error.ts'
import { forbidden, type Subject } from './refusal.ts'

/** How many objects of a kind a namespace may have. */
export interface CountLimit {
  /** The ResourceQuota that says so. */
  readonly quota: string
  /** What it is called there: `count/issues.activity.kradle.a5c.ai`. */
  readonly resource: string
  /** As it is written there. */
  readonly limited: string
  readonly most: number
}

/**
 * The limit of a kind by the quotas of one namespace, the strictest of them; undefined where none has any.
 *
 * Of `spec`, not `status`, which kube-controller-manager copies: here it is counted anew each time, so there is nothing to wait for.
 */
export function countLimit(quotas: readonly ResourceQuota[], kind: Kind): CountLimit | undefined {
  const resource = `count/${resourceOf(kind)}`
  let strictest: CountLimit | undefined
  for (const { metadata, spec = {} } of quotas) {
    const limited = spec.hard?.[resource]
    if (limited === undefined || isScoped(spec)) continue
    const most = wholeOf(limited)
    if (strictest && strictest.most <= most) continue
    strictest = { quota: metadata.name, resource, limited, most }
  }
  return strictest
}

/** Scopes are of Pods and volumes: a quota that has any counts no other objects. */
const isScoped = ({ scopes, scopeSelector }: NonNullable<ResourceQuota['spec']>): boolean =>
  (scopes ?? []).length > 0 || (scopeSelector?.matchExpressions ?? []).length > 0

/** What fits into a quantity. Nobody has more objects than that; where nobody can read it, none fits. */
function wholeOf(text: string): number {
  const nano = parseQuantity(text)?.nano ?? 0n
  const whole = nano / 1_000_000_000n
  return whole > MOST ? Number(MOST) : Number(whole)
}

const MOST = 10n ** 12n

/** 403 in the words of the admission plugin ResourceQuota. */
export const exceeded = (
  subject: Subject,
  { quota, resource, limited }: CountLimit,
  used: number,
): StatusError =>
  forbidden(
    subject,
    `exceeded quota: ${quota}, requested: ${resource}=1, used: ${resource}=${quantity(used)}, limited: ${resource}=${limited}`,
  )

/** A number as Kubernetes prints it: thousands as `k`, and so on. */
function quantity(count: number): string {
  let [rest, power] = [count, 0]
  while (rest > 0 && rest % 1_000 === 0) {
    rest /= 1_000
    power += 1
  }
  return `${rest}${' kMGTP'[power]!.trim()}`
}
