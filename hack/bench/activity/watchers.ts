import { once } from 'node:events'
import { Agent, request, type RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import process from 'node:process'
import type { Credentials } from '../caller.ts'
import { inParallel } from '../in-parallel.ts'

// A process of its own: what receives events is not to be held up by what writes.

export type Start = {
  readonly server: string
  readonly credentials: Credentials
  /** All of the resource, and those of each namespace that is watched, as often as there are watchers. */
  readonly all: string
  readonly paths: readonly string[]
}

/** Number of the object in its name, and when its event was here, in ms since 1970. */
export type Arrival = readonly [number: number, at: number]

export type Told =
  | { readonly type: 'watching' }
  | { readonly type: 'arrivals'; readonly arrivals: readonly Arrival[]; readonly cpuMs: number }

/** The name of what is created while somebody watches. */
const NUMBER = /"name":"watched-(\d+)"/

const arrivals: Arrival[] = []
const now = (): number => performance.timeOrigin + performance.now()

process.on('message', (message: Start | 'report') => {
  if (message === 'report') {
    const { user, system } = process.cpuUsage()
    const told: Told = { type: 'arrivals', arrivals, cpuMs: (user + system) / 1000 }
    process.send!(told, () => process.disconnect())
  } else void start(message)
})
process.once('disconnect', () => process.exit())

async function start({ server, credentials, all, paths }: Start): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, ...credentials })
  const { hostname, port } = new URL(server)
  const get = async (path: string): Promise<IncomingMessage> => {
    const options: RequestOptions = { agent, hostname, port, path }
    const outgoing = request({ ...options, headers: { accept: 'application/json' } })
    outgoing.end()
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    if (incoming.statusCode !== 200) throw new Error(`GET ${path}: ${incoming.statusCode}`)
    return incoming
  }
  const first = await get(`${all}?limit=1`)
  const pieces: Buffer[] = []
  for await (const piece of first) pieces.push(piece as Buffer)
  const { metadata } = JSON.parse(Buffer.concat(pieces).toString()) as {
    metadata: { resourceVersion: string }
  }
  const query = `?watch=true&allowWatchBookmarks=true&resourceVersion=${metadata.resourceVersion}`
  await inParallel(paths, 16, async path => receive(await get(path + query)))
  const told: Told = { type: 'watching' }
  process.send!(told)
}

function receive(incoming: IncomingMessage): void {
  let rest = ''
  incoming.setEncoding('utf8')
  incoming.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    const at = now()
    for (const line of lines) {
      const number = NUMBER.exec(line)?.[1]
      if (number !== undefined) arrivals.push([Number(number), at])
    }
  })
  incoming.on('error', () => {})
}
