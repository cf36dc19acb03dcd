import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { showReadiness } from './state-metrics.ts'

export interface Address {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
}

export interface HealthOptions extends Address {
  readonly registry: Registry
  /** What the process is still waiting for; nothing means ready. */
  notReady(): readonly string[]
  /** What is broken for good, so that only a restart helps; left out, nothing ever is. */
  unhealthy?(): readonly string[]
}

/** Plain HTTP with /healthz, /readyz and /metrics. */
export interface Health {
  /** Where it really listens. */
  readonly address: Address
  close(): Promise<void>
}

/** Listens. Rejects with the system's error where the port is taken. */
export async function startHealth(options: HealthOptions): Promise<Health> {
  const { host, port, registry } = options
  showReadiness(registry, () => options.notReady())
  const server = createServer((request, response) => {
    const reply = (code: number, body: string, type = 'text/plain; charset=utf-8') => {
      // Who asks comes back seldom: a connection kept for that long is closed just when the next question is on its way.
      response.writeHead(code, { 'content-type': type, connection: 'close' })
      response.end(body)
    }
    const verdict = (problems: readonly string[]) =>
      problems.length ? reply(503, `${problems.join('\n')}\n`) : reply(200, 'ok\n')
    const path = request.url?.split('?')[0]
    if (path === '/healthz') return verdict(options.unhealthy?.() ?? [])
    if (path === '/readyz') return verdict(options.notReady())
    if (path !== '/metrics') return reply(404, 'not found\n')
    registry.metrics().then(
      text => reply(200, text, registry.contentType),
      () => reply(500, 'metrics could not be collected\n'),
    )
  })
  await listen(server, host, port)
  return {
    address: { host, port: (server.address() as AddressInfo).port },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
