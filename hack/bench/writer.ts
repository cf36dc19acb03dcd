import { callerTo, textOf, type Credentials } from './caller.ts'

/** One object to create: where it is posted to and its JSON. */
export type Write = { readonly path: string; readonly body: Buffer }

export const writeOf = (path: string, object: object): Write => ({
  path,
  body: Buffer.from(JSON.stringify(object)),
})

export type Written = { readonly status: number; readonly body: string; readonly ms: number }

/** Posts objects over connections that stay open, as `clients` clients would. */
export type Writer = {
  create(write: Write, options?: { dryRun?: boolean }): Promise<Written>
  close(): void
}

export function writerTo(server: string, credentials: Credentials, clients: number): Writer {
  const caller = callerTo(server, credentials, clients)
  return {
    async create({ path, body }, { dryRun = true } = {}) {
      const posted = dryRun ? `${path}?dryRun=All` : path
      const answer = await caller.call({ method: 'POST', path: posted, body })
      return { status: answer.status, body: textOf(answer), ms: answer.ms }
    },
    close: () => caller.close(),
  }
}
