import type { PolicyRule, RoleRef } from './roles.ts'

/** As much of an audit event as is looked at. */
export interface AuditEvent {
  readonly verb: string
  readonly stage: string
  readonly requestURI: string
  readonly stageTimestamp: string
  readonly requestReceivedTimestamp: string
  readonly user: {
    readonly username: string
    readonly extra?: Readonly<Record<string, readonly string[]>>
  }
  readonly objectRef?: {
    readonly apiGroup?: string
    readonly resource?: string
    readonly subresource?: string
    readonly namespace?: string
    readonly name?: string
  }
  readonly responseStatus?: { readonly code?: number }
  /** Of roles and their bindings alone. */
  readonly requestObject?: {
    readonly rules?: readonly PolicyRule[]
    readonly roleRef?: RoleRef
  }
}

/** An audit log, one event a line. A last line that is still being written is left out. */
export function eventsIn(log: string): AuditEvent[] {
  return log.split('\n').flatMap(line => {
    try {
      return line === '' ? [] : [JSON.parse(line) as AuditEvent]
    } catch {
      return []
    }
  })
}

const ACCOUNTS = 'system:serviceaccount:kradle-system:'

/** The account of Kradle's that asked, undefined for anybody else. */
export const accountOf = ({ user: { username } }: AuditEvent): string | undefined =>
  username.startsWith(ACCOUNTS) ? username.slice(ACCOUNTS.length) : undefined

/** The Pod whose token it was. */
export const podOf = ({ user }: AuditEvent): string | undefined =>
  user.extra?.['authentication.kubernetes.io/pod-name']?.[0]
