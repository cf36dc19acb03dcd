import {
  ANNOTATION_PURPOSES,
  ANNOTATION_REF,
  ANNOTATION_TRIGGER_SOURCE,
  LABEL_AGENT_STACK,
  LABEL_DISPATCH_RUN,
  LABEL_REPOSITORY,
  LABEL_RUNNER_POOL,
  LABEL_SOURCE_KIND,
  LABEL_TRIGGER_RULE,
  LABEL_TRUST_TIER,
  RUN_ANNOTATIONS,
  RUN_LABELS,
} from '#src/api/names.ts'
import { isMap, mapOf } from './untyped.ts'

/** What the controllers stated about a run when they made its Pod; undefined where they stated nothing. */
export interface RunFacts {
  readonly run: string | undefined
  readonly stack: string | undefined
  readonly repository: string | undefined
  readonly triggerRule: string | undefined
  readonly sourceKind: string | undefined
  readonly runnerPool: string | undefined
  readonly trustTier: string | undefined
  readonly ref: string | undefined
  readonly triggerSource: string | undefined
  /** What each key is for, by `<secret>/<key>`. */
  readonly purposes: ReadonlyMap<string, string>
}

/** Reads labels and annotations. Never throws; what is not a text was not stated. */
export function factsOf(metadata: unknown): RunFacts {
  const { labels, annotations } = mapOf(metadata)
  const label = (name: string) => statedIn(labels, name)
  return {
    run: label(LABEL_DISPATCH_RUN),
    stack: label(LABEL_AGENT_STACK),
    repository: label(LABEL_REPOSITORY),
    triggerRule: label(LABEL_TRIGGER_RULE),
    sourceKind: label(LABEL_SOURCE_KIND),
    runnerPool: label(LABEL_RUNNER_POOL),
    trustTier: label(LABEL_TRUST_TIER),
    ref: statedIn(annotations, ANNOTATION_REF),
    triggerSource: statedIn(annotations, ANNOTATION_TRIGGER_SOURCE),
    purposes: purposesIn(statedIn(annotations, ANNOTATION_PURPOSES)),
  }
}

/** Whether a Pod with such metadata is of a run: any run label or annotation will do, an empty one too. */
export function isOfRun(metadata: unknown): boolean {
  const { labels, annotations } = mapOf(metadata)
  return has(labels, RUN_LABELS) || has(annotations, RUN_ANNOTATIONS)
}

/** The ref of a pull request: whoever opens one, from wherever, has written what is there. */
export const isForkRef = (ref: string | undefined): boolean =>
  ref?.startsWith('refs/pull/') ?? false

/** Work of a run or of an agent is untrusted unless it is said to be trusted; a pull request never is. */
export const isUntrusted = ({ trustTier, ref }: Pick<RunFacts, 'trustTier' | 'ref'>): boolean =>
  trustTier !== 'trusted' || isForkRef(ref)

const has = (map: unknown, names: readonly string[]): boolean => {
  const stated = mapOf(map)
  return names.some(name => Object.hasOwn(stated, name))
}

const statedIn = (map: unknown, name: string): string | undefined => {
  const value = mapOf(map)[name]
  return typeof value === 'string' ? value : undefined
}

/** JSON that cannot be read states no purpose, so that no grant is met by it. */
function purposesIn(text: string | undefined): ReadonlyMap<string, string> {
  if (text === undefined) return none
  const stated = parsed(text)
  if (!isMap(stated)) return none
  return new Map(
    Object.entries(stated).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )
}

const none: ReadonlyMap<string, string> = new Map()

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
