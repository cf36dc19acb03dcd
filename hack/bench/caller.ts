import { Agent, request } from 'node:https'

export type Call = {
  readonly method: string
  readonly path: string
  readonly body?: Buffer
  readonly contentType?: string
}

export type Called = {
  readonly status: number
  /** The body in the pieces it came in: putting them together is not part of what is timed. */
  readonly pieces: readonly Buffer[]
  /** From sending to the last byte of the answer. */
  readonly ms: number
}

/** Asks over connections that stay open, as `clients` clients would. */
export type Caller = {
  call(call: Call): Promise<Called>
  close(): void
}

export type Credentials = { readonly cert: string; readonly key: string; readonly ca: string }

const patienceMs = 15_000

export function callerTo(server: string, credentials: Credentials, clients: number): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: clients, ...credentials })
  const { hostname, port } = new URL(server)
  return {
    call: ({ method, path, body, contentType = 'application/json' }) =>
      new Promise((resolve, reject) => {
        const begun = performance.now()
        const outgoing = request(
          {
            agent,
            hostname,
            port,
            method,
            path,
            headers: {
              accept: 'application/json',
              ...(body && { 'content-type': contentType, 'content-length': body.length }),
            },
            timeout: patienceMs,
          },
          incoming => {
            const pieces: Buffer[] = []
            incoming.on('data', (piece: Buffer) => pieces.push(piece))
            incoming.on('error', reject)
            incoming.on('end', () => {
              const ms = performance.now() - begun
              resolve({ status: incoming.statusCode ?? 0, pieces, ms })
            })
          },
        )
        outgoing.on('timeout', () =>
          outgoing.destroy(new Error(`${method} ${path}: no answer in ${patienceMs / 1000} s`)),
        )
        outgoing.on('error', reject)
        outgoing.end(body)
      }),
    close: () => agent.destroy(),
  }
}

export const textOf = ({ pieces }: Called): string => Buffer.concat(pieces).toString()

/** The answer, or an Error that says what was asked and what came back. */
export async function expecting(caller: Caller, call: Call, status: number): Promise<Called> {
  const answer = await caller.call(call)
  if (answer.status !== status)
    throw new Error(`${call.method} ${call.path}: ${answer.status} ${textOf(answer)}`)
  return answer
}
