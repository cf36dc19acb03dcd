import { pino, type Logger as Pino, type DestinationStream } from 'pino'
import { redact } from './redact.ts'

export type Logger = Pino

export const LOG_LEVELS = Object.freeze(['debug', 'info', 'warn', 'error'] as const)
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A logger of JSON lines with RFC 3339 times, without secrets; `name` is the Deployment's. To stdout unless told otherwise. */
export function createLog(
  name: string,
  level: LogLevel = 'info',
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: { name },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (data: Record<string, unknown>) => redact(data) as Record<string, unknown>,
    },
    // Errors are plain data by the time pino would look at them.
    serializers: { err: (value: unknown) => value },
  }
  return destination ? pino(options, destination) : pino(options)
}
