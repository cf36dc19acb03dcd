import type { Logger } from '#src/lib/log.ts'
import {
  badRequest,
  internalError,
  requestTooLarge,
  serviceUnavailable,
  StatusError,
  unknownOutcome,
  unsupportedMediaType,
} from '../status-error.ts'
import { OutcomeUnknown, StorageUnavailable } from '../storage/store.ts'
import { BODIES } from './negotiate.ts'

/** Bytes of a body at most, as in kube-apiserver. */
export const BODY_LIMIT = 3 * 1024 * 1024

/** What a client is told of an error. What nobody foresaw is in the log alone. */
export function failure(
  error: unknown,
  log: Logger,
  about: Readonly<Record<string, string>>,
): StatusError {
  if (error instanceof StatusError) return error
  if (error instanceof StorageUnavailable) {
    log.warn({ ...about, reason: error.message }, 'the storage is unavailable')
    return serviceUnavailable('the storage cannot be reached, please try again')
  }
  if (error instanceof OutcomeUnknown) {
    log.warn({ ...about, reason: error.message }, 'it is not known what was stored')
    return unknownOutcome()
  }
  const { code, statusCode = 500 } = error as { code?: unknown; statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return requestTooLarge(BODY_LIMIT)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return unsupportedMediaType(BODIES)
  // What else fastify finds wrong with a request, whose own words would quote it.
  if (statusCode < 500) return badRequest('the request could not be understood')
  log.error({ ...about, err: error }, 'could not answer')
  return internalError()
}
