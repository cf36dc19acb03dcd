import type { Handler } from '../request.ts'
import type { Entry, Key } from '../storage/store.ts'
import { StatusError } from '../status-error.ts'
import { remove } from './delete.ts'
import { deleteOptions } from './delete-options.ts'
import type { WriteDeps } from './deps.ts'

/** Objects read at a time where no limit was asked for. */
const PAGE = 500

/** DELETE of a collection: one after the other, so that what has gone stays gone where a later one is refused. */
export const deleteCollectionHandler =
  (deps: WriteDeps): Handler =>
  async request => {
    const { resource, namespace, signal } = request
    const { continueAfter, limit, ...selection } = deps.selection(request)
    const options = deleteOptions(request)
    const entries: Entry[] = []
    let after: Key | undefined = selection.after
    for (;;) {
      const page = await deps.store.list(
        resource,
        { ...selection, namespace: namespace || undefined, limit: limit ?? PAGE, after },
        signal,
      )
      for (const { namespace: within, name } of page.entries)
        await remove(deps, request, { namespace: within, name }, options, '').catch(unlessGone)
      entries.push(...page.entries)
      const last = page.entries.at(-1)
      if (limit !== undefined || !page.more || !last)
        return {
          type: 'list',
          entries,
          metadata: {
            resourceVersion: page.resourceVersion,
            ...(page.more &&
              last &&
              continueAfter && {
                continue: continueAfter({
                  namespace: last.namespace,
                  name: last.name,
                  resourceVersion: page.resourceVersion,
                }),
                ...(page.remaining !== undefined && { remainingItemCount: page.remaining }),
              }),
          },
        }
      after = { namespace: last.namespace, name: last.name }
    }
  }

function unlessGone(error: unknown): void {
  if (!(error instanceof StatusError && error.code === 404)) throw error
}
