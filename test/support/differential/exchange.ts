import { Agent } from 'node:https'
import type { ControlPlane } from '#hack/local/control-plane.ts'
import { httpsSend } from '../https-send.ts'

/** One request; `{path}` begins after the group and version. */
export interface Asked {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answered {
  readonly status: number
  readonly type: string
  readonly warnings: readonly string[]
  readonly body: string
}

/** What is not answered by then is a watch that does not end. */
const PATIENCE_MS = 15_000

/** Sends requests as cluster-admin, to whatever the control plane serves. */
export function exchange({ server, adminCertificate }: ControlPlane) {
  const agent = new Agent({ keepAlive: true, ...adminCertificate })
  const send = async (
    root: string,
    { method, path, body, headers = {} }: Asked,
  ): Promise<Answered> => {
    const options = {
      method,
      agent,
      headers: { accept: 'application/json', ...headers },
      signal: AbortSignal.timeout(PATIENCE_MS),
    }
    try {
      const received = await httpsSend(new URL(root + path, server), options, body)
      return {
        status: received.code,
        type: received.headers['content-type'] ?? '',
        warnings: received.rawHeaders.filter(
          (_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'warning',
        ),
        body: received.text,
      }
    } catch (error) {
      // Some answers are given before the question is heard out, and the connection goes with them.
      const { code, name } = error as NodeJS.ErrnoException
      if (code !== 'ECONNRESET' && name !== 'AbortError') throw error
      return { status: 0, type: '', warnings: [], body: code ?? '' }
    }
  }
  return { send, close: () => agent.destroy() }
}
