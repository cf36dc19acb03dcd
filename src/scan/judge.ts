import type { Kind } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import type { Schemas } from '#src/check/schemas.ts'
import type { Fields } from '#src/lib/schema/structural.ts'
import { holdsCredential } from '#webhooks/credentials.ts'
import { decide } from '#webhooks/decide.ts'
import type { Registry } from '#webhooks/registry.ts'
import type { Request } from '#webhooks/rule.ts'
import { keptRequest, type KeptRules } from './kept.ts'
import { isOver } from './over.ts'

/** What is wrong with an object, by one rule. */
export interface Found {
  /** The file of the rule below `webhooks/`, or `schema`. */
  readonly policy: string
  /** Its number in the rule book, or '' where the words of a schema have none. */
  readonly rule: string
  readonly result: 'fail' | 'warn' | 'error'
  /** Dotted path of the first field at fault, or ''. */
  readonly field: string
  readonly message: string
}

/** What came of one object. */
export interface Judged {
  /** How many had nothing to say against it. */
  readonly passed: number
  readonly found: readonly Found[]
}

/** What objects are judged by. */
export interface Means {
  readonly rules: KeptRules
  readonly schemas: Schemas
}

/** An object on its way to be judged: what to read for it is known before it is. */
export interface Asked {
  readonly kind: Kind
  readonly object: UnknownObject
  readonly request: Request
  readonly registry: Registry
}

/** Which rules are to be asked about an object. */
export function asked(kind: Kind, object: UnknownObject, { always, open }: KeptRules): Asked {
  return {
    kind,
    object,
    request: keptRequest(kind, object),
    registry: isOver(kind, object) ? always : open,
  }
}

/** Judges an object that is there as the webhook would a new one, by the same `decide`, and by its own definition. Pure. */
export function judgeKept(
  { kind, object, request, registry }: Asked,
  schemas: Schemas,
  cluster: Cluster,
): Judged {
  const schema = schemas(kind)
  const byRules = decide(request, cluster, registry)
  const broken = new Set(byRules.failures.map(({ rule }) => rule))
  const found = merged([
    ...(schema?.keptCauses(object as unknown as Fields) ?? []).map(({ field, message }) => ({
      policy: 'schema',
      rule: /\[(R\d+)\]/.exec(message)?.[1] ?? '',
      result: 'fail' as const,
      field,
      message: `${field}: ${message}`,
    })),
    ...byRules.reasons.map(({ rule, number, field, message }) => ({
      policy: rule,
      rule: number,
      result: broken.has(rule) ? ('error' as const) : ('fail' as const),
      field,
      message,
    })),
    ...byRules.warnings.map((message, index) => ({
      policy: byRules.advisers[index]!,
      rule: /\[(R\d+)\]/.exec(message)?.[1] ?? '',
      result: 'warn' as const,
      field: '',
      message,
    })),
  ])
  const count = registry.rulesFor(request).length + (schema ? 1 : 0)
  return { passed: count - new Set(found.map(({ policy }) => policy)).size, found }
}

/** One of each policy and number: there may be as many findings as an object has fields. */
function merged(all: readonly Found[]): readonly Found[] {
  const groups = Map.groupBy(all, ({ policy, rule, result }) => `${policy} ${rule} ${result}`)
  return [...groups.values()].map(group => ({
    ...group[0]!,
    message: told(group.map(({ message }) => message).join('\n')),
  }))
}

/** In bytes; who wants to know more looks at the object. */
const MOST_MESSAGE = 1024

/**
 * A message as it may stand in a report, which many may read. Rules and schemas quote the value at fault: where that
 * looks like a credential, the whole message stays out.
 */
function told(message: string): string {
  if (holdsCredential(message))
    return 'what is wrong here looks like a credential, and so is not repeated; look at the object'
  // Cut anywhere, a character of several bytes may be left in parts.
  if (Buffer.byteLength(message) <= MOST_MESSAGE) return message
  return `${Buffer.from(message)
    .toString('utf8', 0, MOST_MESSAGE - 8)
    .replace(/\ufffd+$/, '')}...`
}
