import { setTimeout as sleep } from 'node:timers/promises'
import type { Need } from '../scenario.ts'
import { Failure } from './failure.ts'
import { withGroups } from './full-names.ts'
import type { Call, Input, Kubectl, Said } from './kubectl.ts'
import { says, type Wanted } from './says.ts'

export interface Asked extends Omit<Call, 'args'> {
  /** All of it has to be said, on either stream. */
  readonly says?: Wanted | readonly Wanted[]
  /** None of it may be said. */
  readonly never?: Wanted | readonly Wanted[]
}

/** How long what comes about by itself may take, in seconds. */
export interface Patient extends Asked {
  readonly within?: number
}

/** Where a scenario plays: one organisation, sometimes a second one, their people, and kubectl. */
export interface Stage {
  /** The slug. */
  readonly org: string
  readonly namespace: string
  /** Of the second one; the same where there is one only. */
  readonly otherOrg: string
  readonly otherNamespace: string
  /** Unique to the run, for what is not in the namespace of an organisation; names begin with it. */
  readonly run: string
  /** As the API server knows whoever runs this. */
  readonly admin: string
  /** What the cluster has of what can be missing. */
  readonly has: ReadonlySet<Need>
  /** What was noted by an earlier step. */
  readonly notes: Map<string, string>
  /** The user name of a person, such as `ada`. */
  person(name: string): string
  /** Has to be accepted, and to say this. Within the namespace of the organisation unless args say otherwise. */
  does(args: readonly string[], asked?: Asked): Promise<Said>
  /** Has to be refused, and to say this. */
  isRefused(args: readonly string[], asked?: Asked): Promise<Said>
  /** The same as `does`, where it may take a while. */
  comes(args: readonly string[], asked?: Patient): Promise<Said>
  /** The same as `isRefused`, where it may take a while. */
  isSoonRefused(args: readonly string[], asked?: Patient): Promise<Said>
  /** One call, whatever comes of it. */
  call(args: readonly string[], asked?: Omit<Call, 'args'>): Promise<Said>
}

export type StageFacts = Pick<
  Stage,
  'org' | 'namespace' | 'otherOrg' | 'otherNamespace' | 'run' | 'admin' | 'has'
>

/** How long it takes by default until a controller or a cache has followed. */
const PATIENCE = 30
const PAUSE_MS = 250

export function stageOf(facts: StageFacts, kubectl: Kubectl): Stage {
  const callOf = (typed: readonly string[], { as, input, seconds, hears }: Asked): Call => ({
    args: placedAt(withGroups(typed), facts.namespace),
    ...(as !== undefined && { as }),
    ...(input !== undefined && { input: placed(input, facts.namespace) }),
    ...(seconds !== undefined && { seconds }),
    ...(hears && { hears }),
  })
  const once = async (args: readonly string[], asked: Asked, isRefusal: boolean): Promise<Said> => {
    const call = callOf(args, asked)
    const said = await kubectl.run(call)
    const wrong = faultOf(said, asked, isRefusal)
    if (wrong) throw Failure.of(call, wrong, said)
    return said
  }
  const soon = async (
    args: readonly string[],
    { within = PATIENCE, ...asked }: Patient,
    isRefusal: boolean,
  ): Promise<Said> => {
    const end = Date.now() + within * 1000
    for (;;)
      try {
        return await once(args, asked, isRefusal)
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        if (Date.now() > end)
          throw new Failure(error.command, `within ${within} s: ${error.expected}`, error.seen)
        await sleep(PAUSE_MS)
      }
  }
  return {
    ...facts,
    notes: new Map(),
    person: name => `${facts.org}-${name}`,
    does: (args, asked = {}) => once(args, asked, false),
    isRefused: (args, asked = {}) => once(args, asked, true),
    comes: (args, asked = {}) => soon(args, asked, false),
    isSoonRefused: (args, asked = {}) => soon(args, asked, true),
    call: (args, asked = {}) => kubectl.run(callOf(args, asked)),
  }
}

/** Whether it says by itself where, or objects do; what is not in a namespace takes the flag without harm. */
const saysWhere = (args: readonly string[]): boolean =>
  args.some(arg => /^(-n|-A|-f|--raw|--all-namespaces)$/.test(arg))

const placedAt = (args: readonly string[], namespace: string): readonly string[] =>
  saysWhere(args) ? args : [...args, '--namespace', namespace]

/** kubectl refuses objects of another namespace than its flag says, so each says it itself. */
function placed(input: Input, namespace: string): Input {
  if (typeof input === 'string') return input
  return [input].flat().map(object => {
    const { kind, metadata = {} } = object as { kind?: string; metadata?: object }
    return kind === 'Namespace' ? object : { ...object, metadata: { namespace, ...metadata } }
  })
}

function faultOf(said: Said, asked: Asked, isRefusal: boolean): string | undefined {
  if (!isRefusal && said.code !== 0) return 'accepted'
  if (isRefusal && said.code === 0) return `refused${saying(listOf(asked.says))}`
  const all = `${said.stdout}\n${said.stderr}`
  const missing = listOf(asked.says).filter(wanted => !says(all, wanted))
  if (missing.length > 0) return `${isRefusal ? 'refused' : 'accepted'}${saying(missing)}`
  const unwanted = listOf(asked.never).filter(wanted => says(all, wanted))
  return unwanted.length > 0 ? `nothing is said of ${unwanted.map(String).join(' or ')}` : undefined
}

const saying = (wanted: readonly Wanted[]): string =>
  wanted.length === 0 ? '' : `, saying: ${wanted.map(String).join('\n  and: ')}`

const listOf = (wanted: Asked['says']): readonly Wanted[] =>
  wanted === undefined
    ? []
    : typeof wanted === 'string' || wanted instanceof RegExp
      ? [wanted]
      : wanted
