import { quoted } from '#src/lib/schema/go-text.ts'
import type { ApiRequest, Handler } from '../request.ts'
import { badRequest, expired, tooLargeVersion } from '../status-error.ts'
import {
  ExpiredVersion,
  FutureVersion,
  type Feed,
  type ListPage,
  type ListQuery,
  type Store,
} from '../storage/store.ts'
import type { ContinueTokens, Position } from './continue-token.ts'
import { listOptions, type ListOptions } from './list-options.ts'
import { isDefinite, normalised, reached, versionFault } from './resource-version.ts'

const TOO_OLD = 'The resourceVersion for the provided list is too old.'
const CONTINUE_TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/** Answers `list`: now, not older than a version, exactly at one, or on from a token. */
export const list =
  (store: Store, feed: Feed, tokens: ContinueTokens): Handler =>
  async request => {
    const options = listOptions(request)
    checkVersion(options)
    const from = options.continue === '' ? undefined : tokens.read(request, options.continue)
    const at = from ? from.at : exactVersion(options)
    if (!from && !at && isDefinite(options.resourceVersion))
      await reached(feed, normalised(options.resourceVersion), request.signal)
    const page = await pageOf(store, feed, request, {
      ...selection(request, options),
      limit: options.limit || undefined,
      after: from?.after,
      at,
    }).catch((error: unknown) => {
      if (!(error instanceof ExpiredVersion)) throw error
      throw from ? goneOn(tokens, request, from) : expired(TOO_OLD)
    })
    const last = page.entries.at(-1)
    const isWhole = options.labels.length === 0 && options.fields.length === 0
    return {
      type: 'list',
      entries: page.entries,
      metadata: {
        resourceVersion: page.resourceVersion,
        ...(page.more &&
          last && {
            continue: tokens.write(request, { at: page.resourceVersion, after: last }),
            // With a selector nobody has counted.
            ...(isWhole && page.remaining !== undefined && { remainingItemCount: page.remaining }),
          }),
      },
    }
  }

/** What is listed, apart from when and how much of it. */
export const selection = (
  { namespace }: ApiRequest,
  { labels, fields }: ListOptions,
): Pick<ListQuery, 'namespace' | 'labels' | 'fields'> => ({
  namespace: namespace || undefined,
  labels,
  fields,
})

function checkVersion({ resourceVersion, continue: token }: ListOptions): void {
  if (resourceVersion === '') return
  if (token !== '') {
    if (resourceVersion === '0') return
    throw badRequest('specifying resource version is not allowed when using continue')
  }
  const fault = versionFault(resourceVersion)
  if (fault)
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${quoted(resourceVersion)}: ${fault}`,
    )
}

/** The version that must be met exactly: because it says so or, as it used to be, because there is a limit. */
const exactVersion = ({ resourceVersion, match, limit }: ListOptions): string | undefined =>
  isDefinite(resourceVersion) && (match === 'Exact' || (match === '' && limit > 0))
    ? normalised(resourceVersion)
    : undefined

async function pageOf(
  store: Store,
  feed: Feed,
  { resource, signal }: ApiRequest,
  query: ListQuery,
): Promise<ListPage> {
  try {
    return await store.list(resource, query, signal)
  } catch (error) {
    if (!(error instanceof FutureVersion)) throw error
    // Perhaps it is only a moment ahead.
    await reached(feed, query.at!, signal)
    return await store.list(resource, query, signal).catch((again: unknown) => {
      throw again instanceof FutureVersion ? tooLargeVersion(query.at!, feed.position) : again
    })
  }
}

const goneOn = (tokens: ContinueTokens, request: ApiRequest, { after }: Position) =>
  expired(CONTINUE_TOO_OLD, { continue: tokens.write(request, { at: undefined, after }) })
