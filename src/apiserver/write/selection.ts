import type { ContinueTokens } from '../read/continue-token.ts'
import { listOptions } from '../read/list-options.ts'
import { selection } from '../read/list.ts'
import type { ApiRequest } from '../request.ts'
import type { Selection } from './deps.ts'

/** What a deletecollection is about: the same as a list of the same query would show. Throws StatusError 400 or 422. */
export const selectionOf =
  (tokens: ContinueTokens) =>
  (request: ApiRequest): Selection => {
    const options = listOptions(request)
    const from = options.continue === '' ? undefined : tokens.read(request, options.continue)
    return {
      ...selection(request, options),
      limit: options.limit || undefined,
      after: from?.after,
      at: from?.at,
      continueAfter: ({ namespace, name, resourceVersion }) =>
        tokens.write(request, { at: resourceVersion, after: { namespace, name } }),
    }
  }
