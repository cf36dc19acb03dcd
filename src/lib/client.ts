import type { Kind } from '#src/api/kind.ts'
import { apiVersionOf, resourceOf } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { apiErrorFrom, isExpired, isNotFound } from './api-error.ts'
import { apiPath, isPathSegment, queryString } from './api-path.ts'
import type {
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  Page,
  PageOptions,
  RawRequest,
  ResponseInfo,
  Selection,
  WatchOptions,
} from './calls.ts'
import { KradleError } from './errors.ts'
import { loadConnection, type Connection } from './kubeconfig.ts'
import { retried } from './retry.ts'
import { readAll, Transport, type Answer } from './transport.ts'
import { readWatch } from './watch-stream.ts'

interface ListAnswer<T> {
  readonly items?: T[] | null
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string }
}

const DEFAULT_TIMEOUT_MS = 10_000
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
const METADATA_ONLY_LIST = METADATA_ONLY.replace('Metadata;', 'MetadataList;')
const PAGE_SIZE = 500

/** The API server, typed by kind. Failures are ApiError for its answers and KradleError for the way there. */
export class Client {
  /** Told about every answer. */
  onResponse: (info: ResponseInfo) => void = () => {}
  readonly #transport: Transport

  constructor(connection: Connection) {
    this.#transport = new Transport(connection)
  }

  /** The object, or undefined where there is none. */
  get<T extends KubernetesObject>(
    kind: Kind<T>,
    name: string,
    namespace?: string,
    options: CallOptions = {},
  ): Promise<T | undefined> {
    return this.#get(kind, name, namespace, options)
  }

  /** Its metadata alone: of a Secret nothing else even leaves the API server. */
  metadata(
    kind: Kind,
    name: string,
    namespace?: string,
    options: CallOptions = {},
  ): Promise<KubernetesObject | undefined> {
    return this.#get(kind, name, namespace, { ...options, accept: METADATA_ONLY })
  }

  async #get<T extends KubernetesObject>(
    kind: Kind<T>,
    name: string,
    namespace: string | undefined,
    options: CallOptions & { accept?: string },
  ): Promise<T | undefined> {
    if (!isPathSegment(name)) return undefined
    try {
      const path = apiPath(kind, { namespace, name })
      return await this.#send<T>('get', kind, { ...options, method: 'GET', path })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  /** The same by the right to list, as whoever watches a kind has it. */
  async find<T extends KubernetesObject>(
    kind: Kind<T>,
    name: string,
    namespace?: string,
    options: CallOptions & Pick<Selection, 'part'> = {},
  ): Promise<T | undefined> {
    // Without a namespace it would be whichever object has the name, of anybody's.
    if (!isPathSegment(name) || kind.namespaced !== Boolean(namespace)) return undefined
    const fieldSelector = `metadata.name=${name.replace(/[\\,=]/g, '\\$&')}`
    try {
      const { items } = await this.page(kind, { ...options, namespace, fieldSelector })
      return items.find(({ metadata }) => metadata.name === name)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  /** Everything that is selected, page by page; starts again where the server forgot the state it was reading. */
  async list<T extends KubernetesObject>(
    kind: Kind<T>,
    options: Selection & CallOptions = {},
  ): Promise<Page<T>> {
    const items: T[] = []
    let token = ''
    for (;;) {
      try {
        const page = await this.page(kind, { ...options, limit: PAGE_SIZE, continue: token })
        items.push(...page.items)
        if (page.continue === '') return { ...page, items }
        token = page.continue
      } catch (error) {
        if (token === '' || !isExpired(error)) throw error
        items.length = 0
        token = ''
      }
    }
  }

  /** One page of a list. */
  async page<T extends KubernetesObject>(kind: Kind<T>, options: PageOptions): Promise<Page<T>> {
    const { namespace, labelSelector, fieldSelector, limit, resourceVersion, part, ...rest } =
      options
    const list = await this.#send<ListAnswer<T>>('list', kind, {
      ...rest,
      method: 'GET',
      path: apiPath(kind, { namespace }),
      query: { labelSelector, fieldSelector, limit, resourceVersion, continue: options.continue },
      ...(part && { accept: METADATA_ONLY_LIST }),
    })
    return {
      items: (list.items ?? []).map(item => (part ? ofKind(kind, item) : withKind(kind, item))),
      resourceVersion: list.metadata?.resourceVersion ?? '',
      continue: list.metadata?.continue ?? '',
    }
  }

  /** Follows changes until the server ends the watch, which resolves; every other end rejects. */
  async watch(kind: Kind, options: WatchOptions): Promise<void> {
    const { namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds, part } =
      options
    const query = {
      watch: true,
      allowWatchBookmarks: true,
      labelSelector,
      fieldSelector,
      resourceVersion,
      timeoutSeconds,
    }
    const answer = await this.#answer('watch', kind, {
      method: 'GET',
      path: apiPath(kind, { namespace }) + queryString(query),
      ...(part && { headers: { accept: METADATA_ONLY } }),
      timeoutMs: DEFAULT_TIMEOUT_MS,
      signal: options.signal,
      alone: true,
    })
    options.onOpen?.()
    await readWatch(answer, {
      ...options,
      onEvent: event =>
        options.onEvent(part ? { ...event, object: ofKind(kind, event.object) } : event),
    })
  }

  create<T extends KubernetesObject>(
    kind: Kind<T>,
    object: T,
    options: CallOptions = {},
  ): Promise<T> {
    const path = apiPath(kind, { namespace: object.metadata.namespace })
    return this.#send('create', kind, { ...options, method: 'POST', path, body: object })
  }

  /** Puts the object in place of the one with its resourceVersion; fails as Conflict where that is not the last one. */
  replace<T extends KubernetesObject>(
    kind: Kind<T>,
    object: T,
    options: CallOptions = {},
  ): Promise<T> {
    const path = apiPath(kind, object.metadata)
    return this.#send('update', kind, { ...options, method: 'PUT', path, body: object })
  }

  /** Server-side apply. */
  apply<T extends KubernetesObject>(kind: Kind<T>, object: T, options: ApplyOptions): Promise<T> {
    return this.#apply(kind, object, options)
  }

  /** Server-side apply of the status alone. */
  applyStatus<T extends KubernetesObject>(
    kind: Kind<T>,
    object: T,
    options: ApplyOptions,
  ): Promise<T> {
    return this.#apply(kind, object, options, 'status')
  }

  /** RFC 7386; lists are replaced whole. A resourceVersion in `patch` makes it fail as Conflict on any other. */
  mergePatch<T extends KubernetesObject>(
    kind: Kind<T>,
    target: { name: string; namespace?: string | undefined; subresource?: string },
    patch: object,
    options: CallOptions & { fieldManager?: string } = {},
  ): Promise<T> {
    const { fieldManager, ...rest } = options
    return this.#send('patch', kind, {
      ...rest,
      method: 'PATCH',
      path: apiPath(kind, target),
      query: { fieldManager },
      body: patch,
      contentType: 'application/merge-patch+json',
    })
  }

  /** Resolves to false where there was nothing to delete. */
  async delete(
    kind: Kind,
    name: string,
    namespace?: string,
    options: DeleteOptions = {},
  ): Promise<boolean> {
    const { uid, propagationPolicy = 'Background', ...rest } = options
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy,
      ...(uid && { preconditions: { uid } }),
    }
    try {
      const path = apiPath(kind, { namespace, name })
      await this.#send('delete', kind, { ...rest, method: 'DELETE', path, body })
      return true
    } catch (error) {
      if (isNotFound(error)) return false
      throw error
    }
  }

  /** Any other request with JSON both ways, e.g. a SubjectAccessReview. Resolves to undefined for an empty answer. */
  raw<T = unknown>(request: RawRequest): Promise<T> {
    return this.#send(request.method.toLowerCase(), undefined, request)
  }

  /** Closes every connection. */
  close(): void {
    this.#transport.close()
  }

  #apply<T extends KubernetesObject>(
    kind: Kind<T>,
    object: T,
    options: ApplyOptions,
    subresource?: string,
  ): Promise<T> {
    const { fieldManager, force = false, dryRun, ...rest } = options
    return this.#send('apply', kind, {
      ...rest,
      method: 'PATCH',
      path: apiPath(kind, { ...object.metadata, ...(subresource && { subresource }) }),
      query: { fieldManager, force, ...(dryRun && { dryRun: 'All' }) },
      body: object,
      contentType: 'application/apply-patch+yaml',
    })
  }

  async #send<T>(verb: string, kind: Kind | undefined, request: RawRequest): Promise<T> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = request
    const body = request.body === undefined ? undefined : JSON.stringify(request.body)
    const attempt = async () => {
      const answer = await this.#answer(verb, kind, {
        method: request.method,
        path: request.path + queryString(request.query ?? {}),
        body,
        headers: {
          ...(request.accept !== undefined && { accept: request.accept }),
          ...(body !== undefined && { 'content-type': request.contentType ?? 'application/json' }),
        },
        timeoutMs,
        signal,
      })
      return jsonOf(await readAll(answer, timeoutMs, signal))
    }
    // Only what changes nothing may be sent twice.
    const value = request.method === 'GET' ? await retried(attempt, signal) : await attempt()
    return value as T
  }

  async #answer(
    verb: string,
    kind: Kind | undefined,
    request: Parameters<Transport['send']>[0],
  ): Promise<Answer> {
    const resource = kind ? resourceOf(kind) : ''
    let code = 0
    try {
      const answer = await this.#transport.send(request)
      code = answer.code
      if (code < 300) return answer
      const confidential = !kind || (kind.group === '' && kind.plural === 'secrets')
      const { retryAfter } = answer
      const text = await readAll(answer, request.timeoutMs, request.signal ?? undefined)
      throw apiErrorFrom(code, text, { retryAfter, confidential })
    } finally {
      this.onResponse({ verb, resource, code })
    }
  }
}

/** From a kubeconfig, or in a Pod from its service account. Throws NoConfiguration. */
export const loadClient = (options: Parameters<typeof loadConnection>[0]): Client =>
  new Client(loadConnection(options))

/** Items of built-in lists come without the two fields that the list itself bears. */
function withKind<T extends KubernetesObject>(kind: Kind<T>, item: T): T {
  item.apiVersion ??= apiVersionOf(kind)
  item.kind ??= kind.kind
  return item
}

/** Metadata alone comes as PartialObjectMetadata, whatever it is of. */
const ofKind = <T extends KubernetesObject>(kind: Kind<T>, item: T): T => ({
  ...item,
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
})

function jsonOf(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new KradleError('MalformedAnswer', 'the API server answered something else than JSON', {
      cause: { name: (error as Error).name },
    })
  }
}
