import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { writeDurably } from './durable.ts'

export type Ports = Readonly<Record<string, number>>

/**
 * A free port for every name, the ones of last time where they still are free.
 *
 * Below the range the kernel hands out for outgoing connections (32768 and up),
 * and at random: between our look and the child's bind nobody else should come
 * to the same number, not even a test that starts at the same moment.
 */
export async function freePorts<Name extends string>(
  file: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, number>>> {
  const before = remembered(file)
  const chosen: Record<string, number> = {}
  for (const name of names) {
    const last = before[name]
    chosen[name] = last && (await isFree(last)) ? last : await freshPort({ ...before, ...chosen })
  }
  writeDurably(file, `${JSON.stringify({ ...before, ...chosen })}\n`)
  return chosen as Record<Name, number>
}

/** Makes the next choice a new one, after a child found its port taken in spite of our look. */
export function forgetPorts(file: string, names: readonly string[]): void {
  const kept = Object.entries(remembered(file)).filter(([name]) => !names.includes(name))
  writeDurably(file, `${JSON.stringify(Object.fromEntries(kept))}\n`)
}

function remembered(file: string): Ports {
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Ports
  } catch {
    return {}
  }
}

async function freshPort(taken: Ports): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (!Object.values(taken).includes(port) && (await isFree(port))) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    )
  })
}
