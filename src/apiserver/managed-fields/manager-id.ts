import { goJson, quoted } from '#src/lib/schema/go-text.ts'

export type Operation = 'Apply' | 'Update'

/** Who an entry of managedFields belongs to. What was applied belongs to its manager whatever the version. */
export interface Manager {
  readonly manager: string
  readonly operation: Operation
  /** '' for Apply. */
  readonly apiVersion: string
  readonly subresource: string
}

/** A text that is the same for the same manager. The order of these is what managers are listed in. */
export function managerId({ manager, operation, apiVersion, subresource }: Manager): string {
  const fields = { manager, operation, apiVersion, subresource }
  const pairs = Object.entries(fields).filter(([, value]) => value !== '')
  return `{${pairs.map(([name, value]) => `"${name}":${goJson(value)}`).join(',')}}`
}

/** A manager as it stands in messages about conflicts. */
export function managerText({ manager, operation, apiVersion, subresource }: Manager): string {
  const text = subresource
    ? `${quoted(manager)} with subresource ${quoted(subresource)}`
    : quoted(manager)
  return operation === 'Update' ? `${text} using ${apiVersion}` : text
}
