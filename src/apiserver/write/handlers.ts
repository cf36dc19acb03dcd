import type { Handler, Verb } from '../request.ts'
import { badRequest, methodNotSupported, serviceUnavailable } from '../status-error.ts'
import { StorageUnavailable } from '../storage/store.ts'
import { createHandler } from './create.ts'
import { deleteCollectionHandler } from './delete-collection.ts'
import { deleteHandler } from './delete.ts'
import type { WriteDeps } from './deps.ts'
import { patchHandler } from './patch.ts'
import { updateHandler } from './update.ts'

export type WritingVerb = Extract<
  Verb,
  'create' | 'update' | 'patch' | 'delete' | 'deletecollection'
>

/** The verbs that write, in the order of things of a CustomResourceDefinition in kube-apiserver. */
export const writeHandlers = (deps: WriteDeps): Readonly<Record<WritingVerb, Handler>> => ({
  create: guarded(createHandler(deps), ['']),
  update: guarded(updateHandler(deps), ['', 'status']),
  patch: guarded(patchHandler(deps), ['', 'status']),
  delete: guarded(deleteHandler(deps), ['']),
  deletecollection: guarded(deleteCollectionHandler(deps), ['']),
})

/** Turns what went wrong in a handler into answers, and refuses subresources that it is not for. */
export const guarded =
  (handler: Handler, subresources: readonly string[]): Handler =>
  async request => {
    const { resource, subresource, verb } = request
    if (!subresources.includes(subresource)) throw methodNotSupported(resource.kind, verb)
    const warned = new Set<string>()
    try {
      return await handler({
        ...request,
        // What is tried again is not warned of again.
        warn(text) {
          if (!warned.has(text)) request.warn(text)
          warned.add(text)
        },
      })
    } catch (error) {
      // Nested deeper than functions can follow.
      if (error instanceof RangeError && error.message.includes('call stack'))
        throw badRequest('exceeded max depth')
      if (error instanceof StorageUnavailable)
        throw serviceUnavailable(
          'the objects of this group cannot be reached now, please try again',
        )
      throw error
    }
  }
