import type { Handler } from '../request.ts'
import { badRequest, notFound } from '../status-error.ts'
import type { Feed, Store } from '../storage/store.ts'
import { isDefinite, normalised, reached, versionFault } from './resource-version.ts'

/** Answers `get`. A resourceVersion is the least that the answer must be as new as. */
export const get =
  (store: Store, feed: Feed): Handler =>
  async ({ resource, namespace, name, query, signal }) => {
    const version = query.get('resourceVersion') ?? ''
    const fault = version === '' ? undefined : versionFault(version)
    if (fault) throw badRequest(`invalid resource version: ${fault}`)
    if (isDefinite(version)) await reached(feed, normalised(version), signal)
    const entry = await store.get(resource, { namespace, name }, signal)
    if (!entry) throw notFound(resource.kind, name)
    return { type: 'entry', code: 200, entry }
  }
