import type { UnknownObject } from '#src/api/object.ts'
import type { Answer, ApiRequest, Handler } from '../request.ts'
import { Conflict, NotFoundInStore, type Entry, type Key } from '../storage/store.ts'
import { attributesOf } from './attributes.ts'
import { deleteOptions, deleteOptionsObject, type DeleteOptions } from './delete-options.ts'
import { timeOf, type WriteDeps } from './deps.ts'
import { CHANGED, conflict, notFound } from './errors.ts'
import { finalizersOf, FOREGROUND, ORPHAN } from './finalizers.ts'
import { withoutVersion } from './replace.ts'

/** How often a deletion is tried that loses against other writes. */
const ATTEMPTS = 20

/** DELETE of an object. */
export const deleteHandler =
  (deps: WriteDeps): Handler =>
  async request => {
    const { namespace, name } = request
    return remove(deps, request, { namespace, name }, deleteOptions(request), name)
  }

/**
 * Removes one object, or marks it as being deleted where something holds it back. Throws StatusError.
 * @param admittedName what admission is told; nothing in a deletecollection
 */
export async function remove(
  deps: WriteDeps,
  request: ApiRequest,
  key: Key,
  options: DeleteOptions,
  admittedName: string,
  attempts = ATTEMPTS,
): Promise<Answer> {
  const { resource, signal } = request
  const entry = await deps.store.get(resource, key, signal)
  if (!entry) throw notFound(resource.kind, key.name)
  try {
    return await removeEntry(deps, request, options, entry, admittedName)
  } catch (error) {
    if (!(error instanceof Conflict || error instanceof NotFoundInStore)) throw error
    if (attempts === 1) throw conflict(resource.kind, key.name, CHANGED)
    return remove(deps, request, key, options, admittedName, attempts - 1)
  }
}

async function removeEntry(
  deps: WriteDeps,
  request: ApiRequest,
  options: DeleteOptions,
  entry: Entry,
  admittedName: string,
): Promise<Answer> {
  const { resource, signal } = request
  checkPreconditions(request, options, entry)
  const raw = JSON.parse(entry.json) as UnknownObject
  const old = resource.evaluator.decode(raw).object as UnknownObject
  const shown = deleteOptionsObject(options)
  await deps.admission.validate({
    ...attributesOf(request, 'DELETE', shown, admittedName),
    object: undefined,
    oldObject: old,
  })
  const isDryRun = options.dryRun !== undefined
  const expected = entry.resourceVersion
  const finalizers = finalizersFor(finalizersOf(old), options)
  if (finalizers.length === 0) {
    if (!isDryRun)
      await deps.store.write(
        resource,
        { type: 'delete', object: withoutVersion(raw), expected },
        signal,
      )
    return { type: 'status', code: 200, status: deleted(request, entry) }
  }
  // Who asks for dependents to go too is told that it is not over yet.
  const code = options.orphanDependents === false ? 202 : 200
  const object = markedAsDeleting(old, finalizers, deps.clock())
  if (object === old) return { type: 'entry', code, entry }
  if (isDryRun) return { type: 'object', code, object }
  const claim = deps.hooks(resource)?.claim?.(object, new Date(deps.clock()))
  const change = {
    type: 'update',
    object: withoutVersion(object),
    expected,
    ...(claim !== undefined && { claim }),
  } as const
  return { type: 'entry', code, entry: await deps.store.write(resource, change, signal) }
}

function checkPreconditions(
  { resource }: ApiRequest,
  { preconditions = {} }: DeleteOptions,
  entry: Entry,
): void {
  const { uid, resourceVersion } = preconditions
  const { kind } = resource
  const mismatch = (what: string, asked: string, found: string, perhaps: string): Error =>
    conflict(
      kind,
      entry.name,
      `the ${what} in the precondition (${asked}) does not match the ${what} in record (${found}). The object might have been ${perhaps}`,
      kind.kind,
    )
  if (uid !== undefined && uid !== entry.uid)
    throw mismatch('UID', uid, entry.uid, 'deleted and then recreated')
  if (resourceVersion !== undefined && resourceVersion !== entry.resourceVersion)
    throw mismatch('ResourceVersion', resourceVersion, entry.resourceVersion, 'modified')
}

/** What holds it back: its own finalizers, and those of the garbage collector as the options say, or as they are. */
function finalizersFor(current: readonly string[], options: DeleteOptions): readonly string[] {
  const { orphanDependents, propagationPolicy } = options
  const collectors: readonly string[] = current.filter(
    name => name === FOREGROUND || name === ORPHAN,
  )
  const own = current.filter(name => !collectors.includes(name))
  let wanted = collectors.slice(0, 1)
  if (orphanDependents !== undefined) wanted = orphanDependents ? [ORPHAN] : []
  else if (propagationPolicy === 'Orphan') wanted = [ORPHAN]
  else if (propagationPolicy === 'Foreground') wanted = [FOREGROUND]
  else if (propagationPolicy === 'Background') wanted = []
  const next = [...own, ...wanted]
  return next.length === current.length && next.every(name => current.includes(name))
    ? current
    : next
}

function markedAsDeleting(
  object: UnknownObject,
  finalizers: readonly string[],
  milliseconds: number,
): UnknownObject {
  const { metadata } = object
  const { deletionTimestamp, generation = 0 } = metadata
  if (deletionTimestamp && finalizers === metadata.finalizers) return object
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(!deletionTimestamp && { generation: generation + 1 }),
      deletionTimestamp: deletionTimestamp ?? timeOf(milliseconds),
      deletionGracePeriodSeconds: 0,
      finalizers: [...finalizers],
    },
  }
}

/** Says what went by its uid, for clients to know that it is not waiting for finalizers. */
const deleted = ({ resource: { kind } }: ApiRequest, { name, uid }: Entry): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { name, group: kind.group, kind: kind.plural, uid },
})
