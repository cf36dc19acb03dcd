import type { Logger } from '#src/lib/log.ts'
import type { NamespaceOf } from '../match/matches.ts'
import type { Context } from '../policy/context.ts'
import { internalError, timedOut } from '../refusal.ts'
import { callHook, CallingFailed } from './call.ts'
import type { Hook } from './hook.ts'
import { isRelevant } from './relevance.ts'
import type { WebhookTransport } from './transport.ts'

/** Asks all validating webhooks that are for this write, at once. Throws StatusError where one denies or cannot be asked. */
export async function askValidatingWebhooks(
  hooks: readonly Hook[],
  context: Context,
  namespaceOf: NamespaceOf,
  { transport, log }: { readonly transport: WebhookTransport; readonly log: Logger },
): Promise<void> {
  const { attributes } = context
  const relevant: Hook[] = []
  for (const hook of hooks) if (await isRelevant(hook, context, namespaceOf)) relevant.push(hook)
  if (relevant.length === 0) return
  if (attributes.signal.aborted) throw timedOut()
  const outcomes = await Promise.all(
    relevant.map(async hook => {
      try {
        await callHook(hook, attributes, transport, false)
        return undefined
      } catch (error) {
        if (!(error instanceof CallingFailed)) return error as Error
        log.warn(
          { webhook: hook.id, reason: error.message, ignored: hook.ignoresFailures },
          'webhook call failed',
        )
        return hook.ignoresFailures ? undefined : internalError(error.message)
      }
    }),
  )
  const first = outcomes.find(outcome => outcome !== undefined)
  if (first) throw first
}
