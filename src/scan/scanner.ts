import { isNotFound } from '#src/lib/api-error.ts'
import { sleep } from '#src/lib/clock.ts'
import type { Reflector } from '#src/lib/reflector.ts'
import type { ScanMetrics } from './metrics.ts'
import { pass, type PassOptions } from './pass.ts'
import { OWN_REPORTS, reportKinds, type ReportApi } from './report-api.ts'

export interface ScannerOptions extends PassOptions {
  readonly metrics: ScanMetrics
  readonly reflectors: readonly Reflector[]
  /** From the end of a pass to the beginning of the next. */
  readonly intervalMs: number
}

/** How often it looks whether reports are served by now, and tries again after a pass that failed. */
const AGAIN_MS = 10_000

/** A cache that lags more than this would have things missing that are there. */
const MOST_STALE_SECONDS = 120

/** Passes, one after the other, until the signal. Rejects with what `check` throws. */
export async function scanning(options: ScannerOptions): Promise<void> {
  const { log, metrics, signal, check, intervalMs, api, reflectors } = options
  let warned = false
  let isTidy = false
  while (!signal.aborted) {
    check()
    let wait = AGAIN_MS
    try {
      const isServed = await serves(options, api)
      metrics.available(isServed)
      if (!isServed && !warned)
        log.warn(
          { api },
          'reports are not served here, so nothing is looked through until they are',
        )
      warned = !isServed
      if (isServed && reflectors.every(each => each.stalenessSeconds() < MOST_STALE_SECONDS)) {
        const { written, ...passed } = await pass(options)
        metrics.passed({ written, ...passed })
        log.info({ ...passed, written: countsOf(written) }, 'looked through everything')
        if (!isTidy) await tidy(options)
        isTidy = true
        wait = intervalMs
      }
    } catch (error) {
      check()
      if (signal.aborted) return
      metrics.failed()
      log.warn({ err: error }, 'a pass failed')
    }
    await sleep(wait, signal)
  }
}

async function serves({ client, signal }: ScannerOptions, api: ReportApi): Promise<boolean> {
  try {
    await client.page(reportKinds[api], { limit: 1, signal })
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

/** Takes away what was written by the other group, before somebody chose this one: it would stay as it was for good. */
async function tidy(options: ScannerOptions): Promise<void> {
  const { client, signal, api } = options
  const other = api === 'openreports.io' ? 'wgpolicyk8s.io' : 'openreports.io'
  if (!(await serves(options, other))) return
  const kind = reportKinds[other]
  const { items } = await client.list(kind, { labelSelector: OWN_REPORTS, signal })
  for (const { metadata } of items)
    await client.delete(kind, metadata.name, metadata.namespace, { signal })
}

const countsOf = (words: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...Map.groupBy(words, word => word)].map(([word, { length }]) => [word, length]),
  )
