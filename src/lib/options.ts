import { parseArgs, type ParseArgsConfig } from 'node:util'
import { KradleError } from './errors.ts'
import { everyInterface } from './every-interface.ts'
import type { Address } from './health.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'

/** What every process of Kradle's can be told. */
export interface Options {
  /** Left out, the process is in a Pod. */
  readonly kubeconfig?: string
  readonly health: Address
  readonly logLevel: LogLevel
}

/** Flags as parseArgs of Node describes them. */
export type Flags = NonNullable<ParseArgsConfig['options']>
export type Values<F extends Flags> = ReturnType<typeof parseArgs<{ options: F }>>['values']

const common = {
  kubeconfig: { type: 'string' },
  health: { type: 'string', default: '127.0.0.1:8080' },
  'log-level': { type: 'string', default: 'info' },
} as const satisfies Flags

/** Reads the flags every process has, and its own ones as `flags`. Throws InvalidFlag. */
export function parseOptions<const F extends Flags>(
  args: readonly string[],
  own: F = {} as F,
): Options & { readonly flags: Values<F> } {
  const values = parse(args, { ...common, ...own }) as Values<typeof common> & Values<F>
  const { kubeconfig, health, 'log-level': level }: Values<typeof common> = values
  const logLevel = LOG_LEVELS.find(known => known === level)
  if (!logLevel)
    throw new KradleError(
      'InvalidFlag',
      `--log-level ${level}: must be one of ${LOG_LEVELS.join(', ')}`,
    )
  return {
    ...(kubeconfig !== undefined && { kubeconfig }),
    health: parseAddress('--health', health),
    logLevel,
    flags: values,
  }
}

/** `host:port`, `[::1]:port` or `:port` for every interface. Throws InvalidFlag. */
export function parseAddress(flag: string, value: string): Address {
  const [, host, port] = /^(.*):(\d{1,5})$/.exec(value) ?? []
  if (host === undefined || Number(port) > 65_535)
    throw new KradleError('InvalidFlag', `${flag} ${value}: must be host:port`)
  return { host: host.replace(/^\[|\]$/g, '') || everyInterface(), port: Number(port) }
}

function parse(args: readonly string[], options: Flags): unknown {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    throw new KradleError('InvalidFlag', (error as Error).message)
  }
}
