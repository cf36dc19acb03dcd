import { randomUUID } from 'node:crypto'
import { badRequest, StatusError } from '../../status-error.ts'
import type { Attributes } from '../admission.ts'
import { timedOut } from '../refusal.ts'
import { addressOf } from './address.ts'
import type { Hook } from './hook.ts'
import { Invalid, readReview, reviewOf, type Verdict } from './review.ts'
import { serverWords } from './server-words.ts'
import { CallFailed, type WebhookTransport } from './transport.ts'

/** A webhook could not be asked, or gave no answer that counts: its failurePolicy says what comes of it. */
export class CallingFailed extends Error {
  constructor(hook: Hook, reason: string) {
    super(`failed calling webhook ${JSON.stringify(hook.name)}: ${reason}`)
  }
}

/**
 * Asks a webhook about a write. Passes its warnings on; throws CallingFailed, or StatusError where it denies or the request
 * is over.
 */
export async function callHook(
  hook: Hook,
  attributes: Attributes,
  transport: WebhookTransport,
  mayPatch: boolean,
): Promise<Verdict> {
  if (attributes.dryRun && !hook.isSafeOnDryRun)
    throw badRequest(`admission webhook ${JSON.stringify(hook.name)} does not support dry run`)
  const verdict = await ask(hook, attributes, transport, mayPatch)
  for (const warning of verdict.warnings) attributes.warn(warning)
  if (!verdict.allowed) throw denial(hook, verdict.status)
  return verdict
}

async function ask(
  hook: Hook,
  attributes: Attributes,
  transport: WebhookTransport,
  mayPatch: boolean,
): Promise<Verdict> {
  if (!hook.reviewVersions.includes('v1'))
    throw new CallingFailed(
      hook,
      'could not create admission objects: webhook does not accept known AdmissionReview versions (v1)',
    )
  const { signal, timeoutSeconds } = { ...attributes, ...hook }
  const uid = randomUUID()
  try {
    const address = addressOf(hook.clientConfig)
    const body = JSON.stringify(reviewOf(attributes, uid))
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000)
    const {
      code,
      contentType,
      body: reply,
    } = await transport.post(address, body, timeoutSeconds, AbortSignal.any([signal, deadline]))
    if (code < 200 || code > 206) throw new CallFailed(serverWords(code, contentType, reply))
    return readReview(reply, uid, mayPatch)
  } catch (error) {
    if (signal.aborted) throw timedOut()
    const { message } = error as Error
    if (error instanceof Invalid)
      throw new CallingFailed(hook, `received invalid webhook response: ${message}`)
    throw new CallingFailed(hook, `failed to call webhook: ${message}`)
  }
}

/** What a webhook said when it denied, as the client is told. */
function denial({ name }: Hook, status: Verdict['status']): StatusError {
  const { code, reason, message, details } = { ...status } as {
    code?: number
    reason?: string
    message?: string
    details?: StatusError['details']
  }
  const denied = `admission webhook ${JSON.stringify(name)} denied the request`
  const why = message || reason
  return new StatusError(
    typeof code === 'number' && code >= 400 ? code : 400,
    reason ?? '',
    why ? `${denied}: ${why}` : `${denied} without explanation`,
    details,
  )
}
