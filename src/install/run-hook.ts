import { loadClient, type Client } from '#src/lib/client.ts'
import { KradleError } from '#src/lib/errors.ts'
import { createLog, type Logger } from '#src/lib/log.ts'
import { parseOptions, type Flags, type Values } from '#src/lib/options.ts'
import { shutdownSignal } from '#src/lib/shutdown.ts'

/** What a hook works with. */
export interface Tools<F extends Flags> {
  readonly client: Client
  readonly log: Logger
  readonly flags: Values<F>
  /** Aborted by SIGTERM, and when the time given by --timeout-seconds is over. */
  readonly signal: AbortSignal
}

/**
 * The whole program of a hook: something that is done once, in --timeout-seconds (by default
 * `seconds`). `work` resolves to what is wrong in the end, in sentences; with any, the exit code is 1.
 */
export async function runHook<const F extends Flags>(
  name: string,
  process: {
    readonly argv: readonly string[]
    readonly env: NodeJS.ProcessEnv
    exitCode?: typeof globalThis.process.exitCode
  },
  { seconds, flags: own = {} as F }: { readonly seconds: number; readonly flags?: F },
  work: (tools: Tools<F>) => Promise<readonly string[]>,
): Promise<void> {
  const { kubeconfig, logLevel, flags } = parseOptions(process.argv.slice(2), {
    ...own,
    'timeout-seconds': { type: 'string', default: String(seconds) },
  })
  const limit = Number((flags as { 'timeout-seconds': string })['timeout-seconds'])
  if (!(limit >= 1 && limit <= LONGEST_SECONDS))
    throw new KradleError(
      'InvalidFlag',
      `--timeout-seconds must be a number from 1 to ${LONGEST_SECONDS}`,
    )
  const log = createLog(name, logLevel)
  const client = loadClient({ kubeconfig, env: process.env })
  const signal = AbortSignal.any([shutdownSignal(), AbortSignal.timeout(limit * 1000)])
  try {
    const problems = await work({ client, log, flags, signal })
    for (const problem of problems) log.error({}, problem)
    process.exitCode = problems.length > 0 ? 1 : 0
  } finally {
    client.close()
  }
}

const LONGEST_SECONDS = 86_400
