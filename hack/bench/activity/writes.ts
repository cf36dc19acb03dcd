import type { Progress } from '#hack/local/progress.ts'
import { callerTo, expecting, type Call, type Caller } from '../caller.ts'
import { inParallel } from '../in-parallel.ts'
import { slugOf } from '../teams.ts'
import { creation, statusPatch, type Side } from './issues.ts'
import type { ActivityOptions } from './options.ts'
import { cpuBetween, serverCpu, type ServerCpu } from './server-cpu.ts'
import type { ActivityStand } from './stand.ts'

export type Verb = 'create' | 'status'

/** As many writes as some clients got through, each waiting for its answer. */
export type Block = {
  readonly round: number
  readonly side: Side
  readonly verb: Verb
  readonly perSecond: number
  /** Of each write. */
  readonly ms: readonly number[]
  /** Of all servers, milliseconds per write. */
  readonly cpu: ServerCpu
}

export const clients = 8

/** Each side first as often as the other, and neither always before the other. */
const order: readonly Side[] = ['kradle', 'crd', 'crd', 'kradle', 'crd', 'kradle', 'kradle', 'crd']

/** Servers get faster while they run for the first time. */
const warmUp = 5

/** Creates Issues in all namespaces in turn, and then writes the status of each, by eight clients. */
export async function measureWrites(
  stand: ActivityStand,
  { rounds, requests, organizations }: ActivityOptions,
  progress: Progress,
): Promise<readonly Block[]> {
  const caller = callerTo(stand.controlPlane.server, stand.credentials, clients)
  const blocks: Block[] = []
  let names = 0
  const inTurn = async (side: Side, count: number, round: number): Promise<Block[]> => {
    const first = names
    names += count
    const objects = Array.from({ length: count }, (_, index) => ({
      slug: slugOf((first + index) % organizations),
      name: `written-${String(first + index).padStart(7, '0')}`,
    }))
    const block = async (verb: Verb, status: number, call: (of: (typeof objects)[0]) => Call) => ({
      round,
      side,
      verb,
      ...(await timed(stand, caller, objects.map(call), status)),
    })
    return [
      await block('create', 201, ({ slug, name }) => creation(side, slug, name)),
      await block('status', 200, ({ slug, name }) => statusPatch(side, slug, name)),
    ]
  }
  try {
    await progress.task('warming up', async () => {
      for (const side of ['kradle', 'crd'] as const) await inTurn(side, requests * warmUp, 0)
    })
    for (let round = 1; round <= rounds; round++)
      await progress.task(`writes, round ${round} of ${rounds}`, async note => {
        for (const side of order) {
          note(side)
          blocks.push(...(await inTurn(side, requests, round)))
        }
      })
    return blocks
  } finally {
    caller.close()
  }
}

async function timed(
  stand: ActivityStand,
  caller: Caller,
  calls: readonly Call[],
  status: number,
): Promise<Pick<Block, 'perSecond' | 'ms' | 'cpu'>> {
  const ms: number[] = []
  const before = serverCpu(stand)
  const begun = performance.now()
  await inParallel(calls, clients, async call => {
    ms.push((await expecting(caller, call, status)).ms)
  })
  const seconds = (performance.now() - begun) / 1000
  const cpu = cpuBetween(before, serverCpu(stand))
  const each = Object.entries(cpu).map(([name, used]) => [name, used / calls.length])
  return { perSecond: calls.length / seconds, ms, cpu: Object.fromEntries(each) as ServerCpu }
}
