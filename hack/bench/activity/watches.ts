import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Progress } from '#hack/local/progress.ts'
import { callerTo, expecting } from '../caller.ts'
import { seeded, shuffled } from '../random.ts'
import { slugOf } from '../teams.ts'
import { allIssues, creation, issuesOf, type Side } from './issues.ts'
import type { ActivityOptions } from './options.ts'
import { cpuBetween, serverCpu, type ServerCpu } from './server-cpu.ts'
import type { ActivityStand } from './stand.ts'
import type { Arrival, Report, Start, Told } from './watchers.ts'

/** What a while of paced creates brought to those who watched. */
export type Watched = {
  readonly side: Side
  /** Creates answered a second. */
  readonly perSecond: number
  /** Milliseconds to an event from when its create was due, whether or not it could be sent then. */
  readonly sinceDue: readonly number[]
  /** From when the create was answered: negative where the event was faster. */
  readonly sinceAnswered: readonly number[]
  /** Of creates, from when they were due. */
  readonly creates: readonly number[]
  readonly events: number
  readonly expected: number
  /** Cores in use, of each server and of the process that watched. */
  readonly cores: ServerCpu & { readonly watchers: number }
}

/** Connections come up, and code gets hot: what was due in this time counts for nothing. */
const settleMs = 2_000
/** For the last events to come. */
const patienceMs = 15_000
/** Creates under way at most; beyond that they wait, and their time runs. Fewer than one user may have under way. */
const clients = 40

type Sent = { readonly due: number; answered: number }

/** Creates Issues at an even pace while everybody watches, one side after the other in an order drawn anew. */
export async function measureWatches(
  stand: ActivityStand,
  options: ActivityOptions,
  progress: Progress,
): Promise<readonly (readonly Watched[])[]> {
  const random = seeded(options.watchers)
  const seen: Watched[][] = []
  for (let round = 1; round <= options.rounds; round++) {
    const label = `${options.watchers} watchers, round ${round} of ${options.rounds}`
    const both: Watched[] = []
    for (const side of shuffled(['kradle', 'crd'] as const, random))
      both.push(
        await progress.task(`${label}, ${side}`, note =>
          watched(stand, side, round, options, note),
        ),
      )
    seen.push(both)
  }
  return seen
}

async function watched(
  stand: ActivityStand,
  side: Side,
  round: number,
  options: ActivityOptions,
  note: (detail: string) => void,
): Promise<Watched> {
  const { organizations, watchers, rate, seconds } = options
  const { server } = stand.controlPlane
  const child = fork(join(import.meta.dirname, 'watchers.ts'), { serialization: 'advanced' })
  const caller = callerTo(server, stand.credentials, clients)
  try {
    const paths = Array.from({ length: watchers }, (_, index) =>
      issuesOf(side, slugOf(index % organizations)),
    )
    const start: Start = { server, credentials: stand.credentials, all: allIssues(side), paths }
    child.send(start)
    note('connecting')
    await told(child, 'watching')
    // All at once, they would hold up the first creates.
    const anything = { method: 'GET', path: `${allIssues(side)}?limit=1` }
    await Promise.all(Array.from({ length: clients }, () => expecting(caller, anything, 200)))
    note('writing')
    const first = round * 1_000_000
    const writes = rate * seconds
    const before = serverCpu(stand)
    const begun = now()
    const sent = new Map<number, Sent>()
    const pending: Promise<void>[] = []
    for (let index = 0; index < writes; index++) {
      const due = begun + (index * 1000) / rate
      if (due > now()) await sleep(due - now())
      const create = { due, answered: Number.NaN }
      sent.set(first + index, create)
      const name = `watched-${first + index}`
      const call = creation(side, slugOf(index % organizations), name)
      pending.push(
        expecting(caller, call, 201).then(() => {
          create.answered = now()
        }),
      )
    }
    await Promise.all(pending)
    const tookMs = now() - begun
    const used = cpuBetween(before, serverCpu(stand))
    const watching = (slugIndex: number) =>
      Math.floor(watchers / organizations) + (slugIndex < watchers % organizations ? 1 : 0)
    const expected = Array.from({ length: writes }, (_, index) =>
      watching(index % organizations),
    ).reduce((sum, each) => sum + each, 0)
    const reported = told(child, 'arrivals')
    const report: Report = { expected, withinMs: patienceMs }
    child.send(report)
    const { arrivals, cpuMs } = await reported
    return {
      side,
      perSecond: (writes * 1000) / tookMs,
      ...times(sent, arrivals, begun + settleMs),
      events: arrivals.length,
      expected,
      cores: {
        'kube-apiserver': used['kube-apiserver'] / tookMs,
        etcd: used.etcd / tookMs,
        apiserver: used.apiserver / tookMs,
        postgres: used.postgres / tookMs,
        watchers: cpuMs / tookMs,
      },
    }
  } finally {
    child.kill()
    caller.close()
  }
}

/** The clock that all processes share, finer than Date's. */
const now = (): number => performance.timeOrigin + performance.now()

function times(
  sent: ReadonlyMap<number, Sent>,
  arrivals: readonly Arrival[],
  since: number,
): Pick<Watched, 'sinceDue' | 'sinceAnswered' | 'creates'> {
  const counted = arrivals.flatMap(([number, at]) => {
    const create = sent.get(number)
    return create && create.due >= since ? [{ ...create, at }] : []
  })
  return {
    sinceDue: counted.map(({ due, at }) => at - due),
    sinceAnswered: counted.map(({ answered, at }) => at - answered),
    creates: [...sent.values()]
      .filter(({ due }) => due >= since)
      .map(({ due, answered }) => answered - due),
  }
}

async function told<T extends Told['type']>(
  child: ChildProcess,
  type: T,
): Promise<Extract<Told, { type: T }>> {
  const ended = new AbortController()
  const gone = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
    throw new Error(`the process that watches ended (${String(code)})`)
  })
  gone.catch(() => {})
  try {
    for (;;) {
      const [message] = (await Promise.race([once(child, 'message'), gone])) as [Told]
      if (message.type === type) return message as Extract<Told, { type: T }>
    }
  } finally {
    ended.abort()
  }
}
