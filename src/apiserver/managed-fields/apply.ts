import type { ObjectMeta, UnknownObject } from '#src/api/object.ts'
import { badRequest, invalid, StatusError } from '#src/apiserver/status-error.ts'
import { required } from '#src/lib/schema/cause.ts'
import { isFields } from '#src/lib/schema/structural.ts'
import { conflictError } from './conflict.ts'
import { conform, Unfit, type ConformOptions } from './conform.ts'
import { decodeEntries, encodeEntries, withEntries } from './entries.ts'
import { fieldsLastApplied, KUBECTL, withLastApplied } from './last-applied.ts'
import type { Managed } from './managed.ts'
import { managerId, type Manager } from './manager-id.ts'
import { Unreadable } from './path-element.ts'
import { ownerOf, scopeOf, stripped, type Served, type Writer } from './served.ts'
import type { Atom } from './type.ts'
import { tracked } from './update.ts'
import { applied, type Applied, type Scope } from './updater.ts'

/** Whose the fields are that were there before anybody applied, where nobody is known to have them. */
const BEFORE = 'before-first-apply'

/** Server-side apply. */
export function apply(
  stored: UnknownObject | undefined,
  config: UnknownObject,
  writer: Writer & { readonly force: boolean },
  served: Served,
): UnknownObject {
  if (writer.manager === '') throw managerRequired()
  const live = stored ?? (emptyOf(config) as UnknownObject)
  const managed = internal('failed to decode managed fields: ', () =>
    decodeEntries(live.metadata?.managedFields),
  )
  requireType(config, served)
  const scope = scopeOf(served, writer)
  const attempt = (force: boolean): Applied =>
    attempted(
      { live, config, managed, owner: ownerOf('Apply', writer, served), scope, force },
      writer,
    )
  const result = settled(attempt, { live, config, writer, served })
  if (result.conflicts) throw conflictError(result.conflicts)
  const time = result.object === undefined ? undefined : writer.time
  const object = withEntries((result.object ?? live) as UnknownObject, undefined)
  return withEntries(
    writer.manager === KUBECTL ? withLastApplied(object, config) : object,
    encodeEntries(touched(result.managed, ownerOf('Apply', writer, served), time)),
  )
}

/** What kubectl wrote without server-side apply and is still so, kubectl may take over. */
function settled(
  attempt: (force: boolean) => Applied,
  {
    live,
    config,
    writer,
    served,
  }: {
    readonly live: UnknownObject
    readonly config: UnknownObject
    readonly writer: Writer & { readonly force: boolean }
    readonly served: Served
  },
): Applied {
  const result = attempt(writer.force)
  if (!result.conflicts || writer.manager !== KUBECTL) return result
  const allowed = fieldsLastApplied(live, config, served.atom)
  if (!allowed) return result
  const conflicts = result.conflicts.filter(({ path }) => !allowed.hasPath(path))
  return conflicts.length > 0 ? { conflicts } : attempt(true)
}

interface Attempt {
  readonly live: UnknownObject
  readonly config: UnknownObject
  readonly managed: Managed
  readonly owner: Manager
  readonly scope: Scope
  readonly force: boolean
}

function attempted(
  { live, config, managed, owner, scope, force }: Attempt,
  writer: Writer,
): Applied {
  const before = managed.size > 0 ? managed : firstManaged(live, config, scope, writer)
  if (isList(config.metadata?.managedFields)) throw badRequest('metadata.managedFields must be nil')
  fit('patch', config, scope.atom, { duplicates: false })
  fit('live', live, scope.atom, { duplicates: true })
  return internal('', () => {
    const result = applied(live, config, before, { owner, scope, force })
    return result.conflicts ? result : { ...result, managed: stripped(result.managed, owner) }
  })
}

/** The fields of an object that nobody is known to have. */
function firstManaged(
  live: UnknownObject,
  config: UnknownObject,
  scope: Scope,
  writer: Writer,
): Managed {
  const empty = emptyOf(config) as UnknownObject
  return internal('failed to create manager for existing fields: ', () =>
    tracked(empty, live, new Map(), { ...writer, manager: BEFORE }, scope),
  )
}

const touched = (managed: Managed, owner: Manager, time: string | undefined): Managed =>
  new Map(
    [...managed].map(([id, owned]) => [
      id,
      time !== undefined && id === managerId(owner) ? { ...owned, time } : owned,
    ]),
  )

const emptyOf = ({ apiVersion, kind }: UnknownObject): Partial<UnknownObject> => ({
  apiVersion,
  kind,
})

/** Anything else than a list of maps is left for the schema to refuse. */
const isList = (entries: unknown): boolean =>
  Array.isArray(entries) && entries.every(entry => isFields(entry))

function requireType(config: UnknownObject, served: Served): void {
  const { apiVersion, kind } = config
  if (apiVersion === served.apiVersion && kind === (served.kind ?? kind)) return
  throw badRequest(`invalid object type: ${typeText(apiVersion, kind)}`)
}

/** A type as Go prints it. What is no version of a group is nothing at all. */
function typeText(apiVersion: unknown, kind: unknown): string {
  const text = typeof apiVersion === 'string' ? apiVersion : ''
  const parts = text === '/' ? [''] : text.split('/')
  if (parts.length > 2) return '/, Kind='
  const version = parts.length > 1 ? text : `/${text === '/' ? '' : text}`
  return `${version}, Kind=${typeof kind === 'string' ? kind : ''}`
}

/** Kubernetes answers 500 where an object does not fit its schema: it did not look at it before. */
function fit(
  what: 'patch' | 'live',
  object: UnknownObject,
  atom: Atom,
  options: ConformOptions,
): void {
  const { name, namespace }: Partial<ObjectMeta> = object.metadata ?? {}
  const type = typeText(object.apiVersion, object.kind)
  internal(
    `failed to create typed ${what} object (${namespace ?? ''}/${name ?? ''}; ${type}): `,
    () => conform(object, atom, options),
  )
}

function internal<T>(prefix: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof Unfit || error instanceof Unreadable)
      throw new StatusError(500, '', prefix + error.message)
    throw error
  }
}

const managerRequired = (): StatusError =>
  invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
    required('fieldManager', 'is required for apply patch'),
  ])
