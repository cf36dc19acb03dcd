import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Backend {
  readonly id: string
  /** https://host:port, where connections go. */
  readonly url: string
  /** http://host:port, whose /readyz is asked. */
  readonly health: string
}

const POLL_MS = 200
const PROBE_MS = 1_000

/**
 * What a Service is to the webhook servers: hands new connections to the ready
 * backends in turn, and hears of their readiness a little late. It knows nothing of
 * what goes over a connection, never ends one, and tries no second backend.
 */
export class Balancer {
  /** https://127.0.0.1:PORT, for whoever calls the backends. */
  readonly url: string
  /** Connections handed out so far, by backend. */
  readonly connections: Record<string, number> = {}

  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #polls: Promise<void>[] = []
  #ready: readonly Backend[] = []
  #next = 0
  #closed = false

  private constructor(server: Server) {
    this.#server = server
    this.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('connection', socket => this.#pass(socket))
  }

  static async start(): Promise<Balancer> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return new Balancer(server)
  }

  /** Begins to ask for the readiness of these; those that are ready get connections from then on. */
  balance(backends: readonly Backend[]): void {
    for (const backend of backends) this.#polls.push(this.#poll(backend))
  }

  /** The backends that new connections go to now. */
  get ready(): readonly string[] {
    return this.#ready.map(({ id }) => id)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
    await Promise.all(this.#polls)
  }

  async #poll(backend: Backend): Promise<void> {
    while (!this.#closed) {
      const ready = await isReady(backend)
      const others = this.#ready.filter(({ id }) => id !== backend.id)
      if (ready !== this.ready.includes(backend.id))
        this.#ready = ready ? [...others, backend] : others
      await sleep(POLL_MS)
    }
  }

  #pass(client: Socket): void {
    const backend = this.#ready[this.#next++ % this.#ready.length]
    // As with a Service without endpoints: refused.
    if (!backend) {
      client.resetAndDestroy()
      return
    }
    this.connections[backend.id] = (this.connections[backend.id] ?? 0) + 1
    const { hostname, port } = new URL(backend.url)
    const server = connect({
      host: hostname,
      port: Number(port),
      allowHalfOpen: true,
      noDelay: true,
    })
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(one)
      // A reset on one side is one on the other; an end is handed on by pipe.
      one.on('error', () => other.resetAndDestroy())
      one.on('close', () => {
        this.#sockets.delete(one)
        // Nobody reads from the other any more: left alone it would stay, paused, and not even notice that its peer hangs up.
        other.destroySoon()
      })
      one.pipe(other)
    }
  }
}

async function isReady({ health }: Backend): Promise<boolean> {
  try {
    const answer = await fetch(`${health}/readyz`, { signal: AbortSignal.timeout(PROBE_MS) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
