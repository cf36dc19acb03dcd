import type { Question } from '#src/lib/controller.ts'
import type { Observation, Observers } from '#src/lib/observations.ts'
import { getDocument } from '#src/lib/outbound.ts'
import { discover, documentOf, type Discovery } from './discovery.ts'

const TIMEOUT_MS = 5_000
const MAX_BYTES = 64 * 1024

/** Shorter than the time until the next look, which would otherwise see the old answer. */
const FRESH_SECONDS = 590
const FRESH_SECONDS_UNREACHABLE = 50

/** What the identity controller finds out outside the cluster. */
export function identityObservers(options: {
  readonly allowPrivate: boolean
  /** PEM, trusted besides the usual authorities. */
  readonly ca?: readonly string[]
}): Observers {
  async function discovery(question: Question, signal: AbortSignal): Promise<Observation> {
    const { key: issuer } = question
    const url = documentOf(issuer)
    const outcome = url
      ? await getDocument(url, {
          ...options,
          timeoutMs: TIMEOUT_MS,
          maxBytes: MAX_BYTES,
          signal,
        })
      : { failure: 'it is not an address' }
    const answer: Discovery =
      'body' in outcome
        ? discover(issuer, outcome.body)
        : { result: 'Unreachable', why: outcome.failure }
    return {
      answer,
      freshForSeconds: answer.result === 'Unreachable' ? FRESH_SECONDS_UNREACHABLE : FRESH_SECONDS,
    }
  }
  return { discovery }
}
