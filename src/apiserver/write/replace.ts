import type { UnknownObject } from '#src/api/object.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { invalid as invalidValue, Shown } from '#src/lib/schema/cause.ts'
import type { Answer, ApiRequest } from '../request.ts'
import { ClaimTaken, Conflict, NotFoundInStore, type Entry } from '../storage/store.ts'
import { attributesOf } from './attributes.ts'
import { inNamespace } from './body.ts'
import { lapsedHolder } from './claims.ts'
import { timeOf, type WriteDeps } from './deps.ts'
import { NameTaken } from './create.ts'
import { CHANGED, conflict, failed, invalid, notFound } from './errors.ts'
import { finalizersOf, finalizerWarnings } from './finalizers.ts'
import { mutated } from './mutate.ts'
import { admissionOptions, type WriteOptions } from './options.ts'
import { checkSize } from './size.ts'
import { prepareForUpdate, withOldTimes } from './strategy.ts'

/** How often a write is tried that loses against others and did not insist on a version. */
const ATTEMPTS = 5

/** One write to one name, from what is there to what shall be there. */
export interface Replacement {
  readonly options: WriteOptions
  /** The uid that what is there has to have. */
  readonly uid?: string | undefined
  /** What shall be there, managedFields included. */
  next(live: UnknownObject): UnknownObject
  /** Creates it where there is nothing; without it that is 404. */
  create?(): Promise<Answer>
}

/** Reads, decides and writes, again from the start where somebody else was faster. Throws StatusError. */
export async function replace(
  deps: WriteDeps,
  request: ApiRequest,
  replacement: Replacement,
  attempts = ATTEMPTS,
): Promise<Answer> {
  const { resource, namespace, name, signal } = request
  const entry = await deps.store.get(resource, { namespace, name }, signal)
  try {
    if (entry) return await replaceEntry(deps, request, replacement, entry)
    if (!replacement.create) throw notFound(resource.kind, name)
    return await replacement.create()
  } catch (error) {
    if (!isLost(error)) throw error
    if (attempts === 1) throw conflict(resource.kind, name, CHANGED)
    return replace(deps, request, replacement, attempts - 1)
  }
}

/** Whether somebody else was faster. */
const isLost = (error: unknown): boolean =>
  error instanceof Conflict || error instanceof NotFoundInStore || error instanceof NameTaken

async function replaceEntry(
  deps: WriteDeps,
  request: ApiRequest,
  replacement: Replacement,
  entry: Entry,
): Promise<Answer> {
  const { resource, subresource, namespace, name } = request
  const { evaluator, kind } = resource
  const { options } = replacement
  const raw = JSON.parse(entry.json) as UnknownObject
  const old = evaluator.decode(raw).object as UnknownObject
  checkUid(request, replacement, entry)
  const attributes = attributesOf(
    request,
    'UPDATE',
    admissionOptions(options, request.query.get('fieldValidation'), 'UPDATE'),
    name,
  )
  const next = await mutated(deps.admission, {
    ...attributes,
    object: replacement.next(old),
    oldObject: old,
  })
  checkVersion(request, next, entry)
  const hooks = deps.hooks(resource)
  const moment = { user: request.user, now: timeOf(deps.clock()) }
  const prepared = prepareForUpdate(inNamespace(next, namespace), old, subresource, moment, hooks)
  const isStatus = subresource === 'status'
  const causes = isStatus
    ? evaluator.statusCauses(prepared, old)
    : evaluator.updateCauses(prepared, old)
  if (causes.length > 0)
    throw invalid({ group: kind.group, kind: prepared.kind }, prepared.metadata.name, causes)
  if (!isStatus) for (const text of finalizerWarnings(prepared, old)) request.warn(text)
  const object = withOldTimes(prepared, old)
  await deps.admission.validate({ ...attributes, object, oldObject: old })
  return stored(deps, request, options, { object, old, raw, entry })
}

function checkUid(request: ApiRequest, { uid, options }: Replacement, entry: Entry): void {
  if (!uid || uid === entry.uid) return
  const { kind } = request.resource
  const { namespace, name } = entry
  const path = ['', ...(options.dryRun ? [] : ['registry']), kind.group, kind.plural]
  const key = [...path, namespace, name].join('/')
  throw conflict(
    kind,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${entry.uid}`,
  )
}

function checkVersion({ resource }: ApiRequest, next: UnknownObject, entry: Entry): void {
  const { kind } = resource
  const sent = next.metadata.resourceVersion ?? ''
  if (sent && !/^\d+$/.test(sent))
    throw failed(`strconv.ParseUint: parsing ${JSON.stringify(sent)}: invalid syntax`)
  if (BigInt(sent) === 0n)
    throw invalid({ group: kind.group, kind: kind.plural }, entry.name, [
      invalidValue('metadata.resourceVersion', new Shown('0'), 'must be specified for an update'),
    ])
  if (BigInt(sent) !== BigInt(entry.resourceVersion)) throw conflict(kind, entry.name, CHANGED)
}

interface Replaced {
  readonly object: UnknownObject
  readonly old: UnknownObject
  /** As it is stored, without what the schema fills in since. */
  readonly raw: UnknownObject
  readonly entry: Entry
}

async function stored(
  deps: WriteDeps,
  request: ApiRequest,
  { dryRun }: WriteOptions,
  { object, old, raw, entry }: Replaced,
): Promise<Answer> {
  const { resource, signal } = request
  const expected = entry.resourceVersion
  if (isOver(object, old)) {
    if (!dryRun)
      await deps.store.write(
        resource,
        { type: 'delete', object: withoutVersion(raw), expected },
        signal,
      )
    return { type: 'object', code: 200, object }
  }
  // What the schema fills in where preparing left a gap.
  const full = resource.evaluator.decode(object).object as UnknownObject
  if (!jsonEqual(full, raw)) checkSize(resource, full)
  else if (!dryRun) return { type: 'entry', code: 200, entry }
  const claim = deps.hooks(resource)?.claim?.(full, new Date(deps.clock()))
  const change = {
    type: 'update',
    object: withoutVersion(full),
    expected,
    ...(claim !== undefined && { claim }),
  } as const
  const answer: Answer = { type: 'object', code: 200, object: full }
  try {
    if (!dryRun)
      return { type: 'entry', code: 200, entry: await deps.store.write(resource, change, signal) }
    await deps.store.check(resource, change, signal)
    return answer
  } catch (error) {
    if (!(error instanceof ClaimTaken)) throw error
    const lapsed = await lapsedHolder(deps, request, entry.name, error)
    if (dryRun) return answer
    if (lapsed) await deps.store.unclaim(resource, lapsed, signal)
    throw new Conflict('what stood in the way does not any more', { cause: error })
  }
}

/** Whether nothing holds back an object any more that is being deleted. */
const isOver = (object: UnknownObject, { metadata }: UnknownObject): boolean =>
  finalizersOf(object).length === 0 &&
  metadata.deletionTimestamp !== undefined &&
  !metadata.deletionGracePeriodSeconds

/** The store gives versions. */
export function withoutVersion(object: UnknownObject): UnknownObject {
  const { resourceVersion: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
