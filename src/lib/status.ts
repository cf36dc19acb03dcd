import type { Condition, Status } from '#src/api/object.ts'
import type { Plan } from './controller.ts'
import { jsonEqual } from './json-diff.ts'

/**
 * The status that a plan leads to. Where a condition's status is what it was, so is
 * the time of its last transition; nothing in it changes without a reason.
 */
export function statusOf(
  planned: NonNullable<Plan['status']>,
  live: Status | undefined,
  generation: number,
  now: Date,
): Status {
  const before = new Map(live?.conditions?.map(condition => [condition.type, condition]))
  const conditions = planned.conditions.map(({ type, status, reason, message }): Condition => {
    const old = before.get(type)
    return {
      type,
      status,
      reason,
      message,
      observedGeneration: generation,
      lastTransitionTime:
        old?.status === status ? old.lastTransitionTime : `${now.toISOString().slice(0, 19)}Z`,
    }
  })
  return {
    ...planned.fields,
    phase: planned.phase,
    storage: 'etcd',
    observedGeneration: generation,
    conditions: conditions.toSorted((a, b) => (a.type < b.type ? -1 : 1)),
  }
}

/** Whether the live status says all of this already. Conditions and fields of others do not matter. */
export function isReported(wanted: Status, live: Status | undefined): boolean {
  if (!live) return false
  const { conditions, ...fields } = wanted
  return (
    Object.entries(fields).every(([key, value]) => jsonEqual(live[key as keyof Status], value)) &&
    (conditions ?? []).every(condition =>
      live.conditions?.some(other => jsonEqual(condition, other)),
    )
  )
}

/** Conditions that are new, or whose status or reason is: what people want to hear of. */
export function changedConditions(wanted: Status, live: Status | undefined): Condition[] {
  return (wanted.conditions ?? []).filter(({ type, status, reason }) => {
    const old = live?.conditions?.find(condition => condition.type === type)
    return old?.status !== status || old.reason !== reason
  })
}
