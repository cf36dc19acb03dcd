import type { Api } from '#hack/local/api.ts'
import { atOnce, inPairs, type Source } from './load.ts'
import { cpuMs } from './process-cpu.ts'
import type { Random } from './random.ts'
import type { Sample } from './sample.ts'
import type { Setup, Shape } from './setups/setup.ts'
import type { Writer } from './writer.ts'

/** What one visit to a setup in force saw, for one shape. Times in milliseconds. */
export type Visit = {
  readonly judged: readonly number[]
  readonly reference: readonly number[]
  /** Of creates that were stored. */
  readonly storedDifferences: readonly number[]
  /** Creates a second by several clients, and CPU per create. */
  readonly throughput: Throughput
  readonly referenceThroughput: Throughput
  /** CPU per create of API server and engine together, less that of the reference block next to it. */
  readonly cpuDifferences: readonly number[]
}

export type Throughput = {
  readonly perSecond: number
  readonly apiserverMs: number
  readonly engineMs: number
}

export type VisitOptions = {
  readonly api: Api
  readonly writer: Writer
  readonly sample: Sample
  readonly apiserver: () => number | undefined
  readonly slugs: readonly string[]
  readonly requests: number
  readonly clients: number
  readonly random: Random
}

export async function visit(setup: Setup, shape: Shape, options: VisitOptions): Promise<Visit> {
  const { writer, sample, slugs, requests, clients, random } = options
  // Every organisation in turn: what is kept by namespace has to be kept for all of them.
  const slug = (index: number) => slugs[index % slugs.length]!
  const judged: Source = index => sample.write(shape, slug(index), 'bench')
  const reference: Source = index => sample.reference(slug(index), 'bench')

  // Connections, caches and just-in-time compilers first.
  for (const source of [judged, reference])
    await atOnce(writer, source, { count: Math.ceil(requests / 2), clients })

  const pairs = await inPairs(writer, judged, reference, { count: requests, random })
  const stored = await storedPairs(setup, shape, options)
  const [first, last] = random() < 0.5 ? [judged, reference] : [reference, judged]
  // Out and back and the other way round: a machine that gets slower or faster does so to both alike.
  const blocks: (Block & { source: Source })[] = []
  for (const source of [first, last, last, first, last, first, first, last])
    blocks.push({ source, ...(await measured(setup, source, options)) })
  const of = (wanted: Source) => blocks.filter(({ source }) => source === wanted)
  const [judgedBlocks, referenceBlocks] = [of(judged), of(reference)]
  return {
    ...pairs,
    storedDifferences: stored,
    throughput: together(judgedBlocks),
    referenceThroughput: together(referenceBlocks),
    cpuDifferences: judgedBlocks.map((block, index) => {
      const neighbour = referenceBlocks[index]!
      return (block.apiserver + block.engine) / block.count - neighbour.apiserver / neighbour.count
    }),
  }
}

type Block = { count: number; seconds: number; apiserver: number; engine: number }

async function measured(setup: Setup, source: Source, options: VisitOptions): Promise<Block> {
  const { writer, apiserver, requests, clients } = options
  const before = { apiserver: cpuMs(apiserver()), engine: cpuMs(setup.pid()) }
  const block = await atOnce(writer, source, { count: 2 * requests, clients })
  return {
    ...block,
    apiserver: cpuMs(apiserver()) - before.apiserver,
    engine: cpuMs(setup.pid()) - before.engine,
  }
}

function together(blocks: readonly Block[]): Throughput {
  const sum = (key: keyof Block) => blocks.reduce((total, block) => total + block[key], 0)
  return {
    perSecond: sum('count') / sum('seconds'),
    apiserverMs: sum('apiserver') / sum('count'),
    engineMs: sum('engine') / sum('count'),
  }
}

/** A smaller number of creates that etcd keeps: a check that dry runs tell the truth. */
async function storedPairs(
  setup: Setup,
  shape: Shape,
  { api, writer, sample, slugs, requests, random }: VisitOptions,
): Promise<number[]> {
  const slug = slugs[0]!
  const name = (index: number) => `stored-${setup.name}-${index}`
  const times = await inPairs(
    writer,
    index => sample.write(shape, slug, name(index)),
    index => sample.reference(slug, name(index)),
    { count: Math.ceil(requests / 5), random, dryRun: false },
  )
  for (const path of sample.collections(slug)) {
    const { status, body } = await api('DELETE', path)
    if (status !== 200) throw new Error(`${path} was not emptied: ${status} ${body}`)
  }
  return times.judged.map((time, index) => time - times.reference[index]!)
}
