import type { Deployment } from './controller.ts'
import { loadClient } from './client.ts'
import { createLog } from './log.ts'
import { runDeployment, type RunOptions } from './manager.ts'
import { parseOptions, type Flags, type Values } from './options.ts'
import { shutdownSignal } from './shutdown.ts'

/** What a program gets from its process. */
interface Started {
  readonly argv: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/**
 * The whole program of a Deployment: reads its flags and runs it until it is told to stop.
 * `flags` are those it has besides the usual ones, and `options`, or the Deployment itself, what follows from them.
 */
export async function main<const F extends Flags>(
  told: Deployment | ((flags: Values<F>) => Deployment),
  { argv, env }: Started,
  {
    flags: own = {} as F,
    options = () => ({}),
  }: {
    readonly flags?: F
    readonly options?: (flags: Values<F>) => Pick<RunOptions, 'observers'>
  } = {},
): Promise<void> {
  const { kubeconfig, health, logLevel, flags } = parseOptions(argv.slice(2), own)
  const deployment = typeof told === 'function' ? told(flags) : told
  await runDeployment(deployment, {
    client: loadClient({ kubeconfig, env }),
    health,
    log: createLog(deployment.name, logLevel),
    signal: shutdownSignal(),
    ...options(flags),
  })
}
