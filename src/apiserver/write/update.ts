import type { Handler } from '../request.ts'
import { bodyType, checkName, inNamespace, readObject } from './body.ts'
import { timeOf, type WriteDeps } from './deps.ts'
import { managerOf, writeOptions } from './options.ts'
import { withDistinctOwners } from './owner-references.ts'
import { replace } from './replace.ts'

/** PUT of an object, or of its status. */
export const updateHandler =
  (deps: WriteDeps): Handler =>
  async request => {
    const options = writeOptions(request.query, 'UpdateOptions')
    const read = inNamespace(readObject(request, bodyType(request), options), request.namespace)
    checkName(read, request.name)
    const sent = withDistinctOwners(read, text => request.warn(text), false)
    return replace(deps, request, {
      options,
      uid: sent.metadata.uid,
      next: live =>
        deps.fieldManagers(request.resource).update(live, sent, {
          manager: managerOf(options, request.userAgent),
          subresource: request.subresource,
          time: timeOf(deps.clock()),
        }),
    })
  }
