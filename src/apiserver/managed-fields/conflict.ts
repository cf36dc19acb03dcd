import { StatusError } from '#src/apiserver/status-error.ts'
import { managerId, managerText } from './manager-id.ts'
import { pathText } from './path-element.ts'
import type { Conflict } from './updater.ts'
import { compareText } from './value-order.ts'

/** 409, with a cause for every field. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const sorted = conflicts.toSorted((a, b) => compareText(managerId(a.owner), managerId(b.owner)))
  return new StatusError(409, 'Conflict', messageOf(sorted), {
    causes: sorted.map(({ owner, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${managerText(owner)}`,
      field: pathText(path),
    })),
  })
}

function messageOf(conflicts: readonly Conflict[]): string {
  const [first, ...more] = conflicts
  if (first && more.length === 0)
    return `Apply failed with 1 conflict: conflict with ${managerText(first.owner)}: ${pathText(first.path)}`
  const lines = [...Map.groupBy(conflicts, ({ owner }) => managerId(owner)).values()].flatMap(
    group => [
      `conflicts with ${managerText(group[0]!.owner)}:`,
      ...group.map(({ path }) => `- ${pathText(path)}`),
    ],
  )
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}
