import type { ConditionInput } from '#src/lib/controller.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { met, unmet } from '#src/lib/conditions.ts'

const DAY_MS = 24 * 3600_000

/** How old a Secret is, as a grant's status tells it. */
export interface Rotation {
  /** RFC 3339, all of them. */
  readonly lastRotatedAt: string
  readonly dueAt: string
  readonly overdue: boolean
}

/**
 * When the data of a Secret last changed, as far as metadata.managedFields tells: the latest
 * write of anybody who has a part of it. Without such an entry it is as old as the Secret.
 */
export function rotationOf(
  { metadata }: KubernetesObject,
  maxAgeDays: number,
  now: Date,
): Rotation {
  const writes = (metadata.managedFields ?? []) as { time?: string; fieldsV1?: object }[]
  const times = writes
    .filter(({ fieldsV1 }) => 'f:data' in (fieldsV1 ?? {}))
    .flatMap(({ time }) => (time === undefined ? [] : [Date.parse(time)]))
  const last =
    times.length > 0 ? Math.max(...times) : Date.parse(String(metadata.creationTimestamp))
  const due = last + maxAgeDays * DAY_MS
  return { lastRotatedAt: timeOf(last), dueAt: timeOf(due), overdue: due <= now.getTime() }
}

/** Whether the Secret is younger than the grant asks for; a warning, no reason to refuse it (R58). */
export function rotationCondition(
  rotation: Rotation | undefined,
  maxAgeDays: number | undefined,
): ConditionInput {
  if (maxAgeDays === undefined)
    return met('RotationCurrent', 'NoRotationPolicy', 'The grant does not ask for rotation')
  if (!rotation)
    return unmet('RotationCurrent', 'SecretMissing', 'There is no Secret whose age could be told')
  const { lastRotatedAt, dueAt, overdue } = rotation
  return overdue
    ? unmet(
        'RotationCurrent',
        'RotationOverdue',
        `The Secret last changed at ${lastRotatedAt} and had to by ${dueAt}, after ${maxAgeDays} days; put a new value into it [R58]`,
      )
    : met('RotationCurrent', 'Rotated', `The Secret has to change by ${dueAt}`)
}

const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
