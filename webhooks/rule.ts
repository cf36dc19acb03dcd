import type { Operation, UserInfo } from '#src/api/admission/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Cluster, Lookup } from '#src/lib/cluster.ts'

/** One write, as every rule sees it: identity from the API server, objects with spec, labels and annotations present (R4, R5). */
export interface Request {
  readonly operation: Operation
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string }
  /** '' for the object itself. */
  readonly subresource: string
  /** '' for cluster-scoped objects. */
  readonly namespace: string
  /** '' while the API server has yet to make one up from generateName. */
  readonly name: string
  readonly user: Readonly<UserInfo>
  /** The object as it would be stored; on DELETE the object that goes. */
  readonly object: ReviewedObject
  /** The same as it was sent, without the maps that were added for the rules. */
  readonly submitted: UnknownObject
  /** On UPDATE the object as it is stored now. */
  readonly oldObject: ReviewedObject | undefined
  readonly dryRun: boolean
  /** Nobody writes: the scanner asks about an object that is there, as if it came new. */
  readonly kept?: true
}

/** An object whose maps are there, so that no rule trips over a missing one. */
export interface ReviewedObject extends UnknownObject {
  readonly metadata: UnknownObject['metadata'] & {
    readonly labels: Record<string, string>
    readonly annotations: Record<string, string>
  }
  readonly spec: Record<string, unknown>
}

/** Why a write is refused: enough for the reader to mend it without asking anybody. */
export interface Denial {
  readonly type: 'deny'
  /** The number in the rule book, one of those the rule enforces. */
  readonly rule: string
  /** Dotted path of the field at fault, e.g. `spec.organizationRef`. */
  readonly field: string
  /** What stands there; undefined where the field is missing. Never a secret value. */
  readonly value: unknown
  /** What is wrong with it; reads on from the value. */
  readonly problem: string
  /** What to do instead. */
  readonly fix: string
}

export interface Warning {
  readonly type: 'warn'
  readonly message: string
}

export type Finding = Denial | Warning

/** No opinion: the write may pass as far as this rule is concerned. */
export const allow: readonly Finding[] = Object.freeze([])

export const deny = (denial: Omit<Denial, 'type'>): readonly Finding[] => [
  { type: 'deny', ...denial },
]

export const warn = (message: string): readonly Finding[] => [{ type: 'warn', message }]

/**
 * An object that a rule needs. `cached` comes from the watch; `on-miss` asks the
 * API server when the watch does not know it, so that a write right after the one
 * it depends on is not refused; `live` always asks, for what must not race.
 */
export interface Read extends Omit<Lookup, 'part'> {
  readonly fresh: 'cached' | 'on-miss' | 'live'
  /** Whether it is there is all that matters; of a Secret nothing more is to be seen. Live reads alone. */
  readonly part?: 'metadata'
}

/** A question to the API server's authorizer about the requester; '' is the core group, or every object. */
export interface AccessReview {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace: string
  readonly name: string
}

/** The answers. They are of this moment: nothing of them is kept. */
export interface Access {
  /** Throws UnaskedReview for a question that the rule did not announce. */
  allowed(review: AccessReview): boolean
  /** Whether that has been asked. */
  knows(review: AccessReview): boolean
}

/** Some kinds, or those that are needed for the sake of each kind that the rule guards. */
export type Kinds = readonly Kind[] | ((guarded: Kind) => readonly Kind[])

/** When a rule is asked. */
export interface Match {
  /** The kinds it guards. */
  readonly kinds: readonly Kind[]
  readonly operations: readonly Operation[]
  /** Subresources it guards besides the object itself; '' is the object. Default ['']. */
  readonly subresources?: readonly string[]
}

/** One invariant. `decide` is pure: no I/O, clock, environment or randomness. */
export interface Rule extends Match {
  readonly type: 'validate'
  /**
   * The admission policy that refuses the same inside the API server. The webhook is not
   * called for the sake of this rule alone; it speaks where the policy does not reach: for
   * the aggregated API, the scanner and offline.
   */
  readonly native?: string
  /** It is about metadata alone, by the request alone, and is asked of updates too that touch nothing else. */
  readonly ofMetadata?: true
  /** It only ever warns, so nothing waits for it while nobody answers. */
  readonly advises?: true
  /**
   * Whether the scanner asks it about objects that are there: then what it says has to be true of an object and of what
   * is around it, whoever wrote it and however. `always`, or `while-open` where an object that is over may outlive what
   * it was judged by. Left out, it is about a write: who writes, what is changed, what goes.
   */
  readonly background?: 'always' | 'while-open'
  /** The numbers in the rule book that it enforces, e.g. ['R31']. */
  readonly enforces: readonly string[]
  /** The kinds it reads from the server's watches. None of activity: there may be millions of them. */
  readonly watches?: Kinds
  /** The kinds of which it needs no more than what they are called and whom they name. */
  readonly names?: Kinds
  /** The kinds it only ever reads live. */
  readonly gets?: Kinds
  /** Those of `watches` that it reads live or on a miss; left out, all of them where it has `lookups`. */
  readonly live?: Kinds
  /** Which objects this write needs from them. */
  lookups?(request: Request): readonly Read[]
  /**
   * What the rule has to know about the rights of the requester, once it has seen its objects.
   * Every question is a call, so it is asked again with the answers until it wants no more.
   */
  reviews?(request: Request, cluster: Cluster, access: Access): readonly AccessReview[]
  decide(request: Request, cluster: Cluster, access: Access): readonly Finding[]
}

/** Fills in what was left out. `apply` is pure and idempotent, and returns its argument where nothing is missing. */
export interface Mutation extends Match {
  readonly type: 'mutate'
  readonly enforces: readonly string[]
  readonly watches?: Kinds
  readonly gets?: Kinds
  readonly live?: Kinds
  /** CEL over `object`: whether there is anything to fill in. Where not, the API server does not even call. */
  readonly needed: string
  lookups?(request: Request): readonly Read[]
  /**
   * Refuses at once what nobody can fill in. Only for what no other mutation could
   * mend; without it the schema would speak first, and say less.
   */
  refuse?(request: Request): readonly Finding[]
  apply(request: Request, cluster: Cluster): UnknownObject
}

/** Declares a rule; keeps how many arguments its `decide` takes. */
export const rule = <R extends Omit<Rule, 'type'>>(
  definition: R,
): NoInfer<R> & { readonly type: 'validate' } =>
  Object.freeze({ type: 'validate' as const, ...definition })

export const mutation = (definition: Omit<Mutation, 'type'>): Mutation =>
  Object.freeze({ type: 'mutate', ...definition })
