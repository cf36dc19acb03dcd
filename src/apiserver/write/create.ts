import type { UnknownObject } from '#src/api/object.ts'
import type { Answer, ApiRequest, Handler } from '../request.ts'
import { AlreadyExists, ClaimTaken, LimitReached } from '../storage/store.ts'
import { exceeded } from '../admission/quotas.ts'
import { attributesOf, metadataOf } from './attributes.ts'
import { bodyType, inNamespace, readObject } from './body.ts'
import { lapsedHolder } from './claims.ts'
import { timeOf, type WriteDeps } from './deps.ts'
import { alreadyExists, claimTaken, failed, invalid, noNameLeft } from './errors.ts'
import { finalizerWarnings } from './finalizers.ts'
import { mutated } from './mutate.ts'
import { checkNamesake } from './namesakes.ts'
import { admissionOptions, managerOf, writeOptions, type WriteOptions } from './options.ts'
import { withDistinctOwners } from './owner-references.ts'
import { StatusError } from '../status-error.ts'
import { checkSize } from './size.ts'
import { prepareForCreate, wiped } from './strategy.ts'

/** How often a name is made up until one is free. */
const NAMES = 8
/** How often it is tried where somebody stood in the way who does not any more. */
const ATTEMPTS = 5
/** Without vowels, so that no words come out, and without what looks alike. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const RANDOM_LENGTH = 5
/** Longer ones are cut, for the random part to find room. */
const PREFIX_LENGTH = 63 - RANDOM_LENGTH

/** POST of a collection. */
export const createHandler =
  (deps: WriteDeps): Handler =>
  async request => {
    const type = bodyType(request)
    const options = writeOptions(request.query, 'CreateOptions')
    const read = wiped(readObject(request, type, options))
    const sent = withDistinctOwners(
      inNamespace(read, request.namespace),
      text => request.warn(text),
      false,
    )
    const managed = deps.fieldManagers(request.resource).update(undefined, sent, {
      manager: managerOf(options, request.userAgent),
      subresource: '',
      time: timeOf(deps.clock()),
    })
    const name = metadataOf(sent).name ?? ''
    const attributes = attributesOf(request, 'CREATE', createOptions(request, options), name)
    const object = await mutated(deps.admission, {
      ...attributes,
      object: managed,
      oldObject: undefined,
    })
    const { name: given, generateName } = metadataOf(object)
    return given || !generateName
      ? createOnce(deps, request, options, object)
      : createUnderSomeName(deps, request, options, object, generateName)
  }

async function createUnderSomeName(
  deps: WriteDeps,
  request: ApiRequest,
  options: WriteOptions,
  object: UnknownObject,
  prefix: string,
  names = NAMES,
): Promise<Answer> {
  try {
    return await createOnce(deps, request, options, withName(object, prefix, deps))
  } catch (error) {
    if (names === 1 || !(error instanceof NameTaken)) throw error
    return createUnderSomeName(deps, request, options, object, prefix, names - 1)
  }
}

const createOptions = (request: ApiRequest, options: WriteOptions) =>
  admissionOptions(options, request.query.get('fieldValidation'), 'CREATE')

function withName(object: UnknownObject, prefix: string, { random }: WriteDeps): UnknownObject {
  const suffix = Array.from(
    { length: RANDOM_LENGTH },
    () => ALPHABET[random.index(ALPHABET.length)]!,
  ).join('')
  const name = `${Buffer.from(prefix).subarray(0, PREFIX_LENGTH).toString()}${suffix}`
  return { ...object, metadata: { ...object.metadata, name } }
}

/** Somebody has the name: not so where a claim is taken, which stays so under every name. */
export class NameTaken extends StatusError {}

/**
 * Prepares, validates and stores an object that mutation is over for.
 * @param authorize asked between the schema and the rest of validation
 */
export async function createOnce(
  deps: WriteDeps,
  request: ApiRequest,
  options: WriteOptions,
  object: UnknownObject,
  authorize?: () => Promise<void>,
): Promise<Answer> {
  const { kind, evaluator } = request.resource
  const hooks = deps.hooks(request.resource)
  const moment = { user: request.user, now: timeOf(deps.clock()) }
  const prepared = prepareForCreate(
    inNamespace(object, request.namespace),
    deps.random.uuid(),
    moment,
    hooks,
  )
  const { name = '' } = metadataOf(prepared)
  const causes = evaluator.createCauses(prepared)
  if (causes.length > 0) throw invalid({ group: kind.group, kind: prepared.kind }, name, causes)
  for (const warning of finalizerWarnings(prepared)) request.warn(warning)
  await authorize?.()
  await deps.admission.validate({
    ...attributesOf(request, 'CREATE', createOptions(request, options), name),
    object: prepared,
    oldObject: undefined,
  })
  await checkNamesake(deps, request, name)
  return stored(deps, request, options, prepared)
}

async function stored(
  deps: WriteDeps,
  request: ApiRequest,
  options: WriteOptions,
  prepared: UnknownObject,
  attempts = ATTEMPTS,
): Promise<Answer> {
  const { dryRun } = options
  const { resource, signal } = request
  const { name, namespace = '', resourceVersion } = prepared.metadata
  // What the schema fills in where preparing left a gap, a status above all.
  const object = resource.evaluator.decode(prepared).object as UnknownObject
  checkSize(resource, object)
  if (resourceVersion && !dryRun)
    throw failed('resourceVersion should not be set on objects to be created')
  const limit = deps.limitOf(resource, namespace)
  const claim = deps.hooks(resource)?.claim?.(object, new Date(deps.clock()))
  const change = {
    type: 'create',
    object,
    ...(claim !== undefined && { claim }),
    ...(limit && { limit: limit.most }),
  } as const
  try {
    if (!dryRun)
      return { type: 'entry', code: 201, entry: await deps.store.write(resource, change, signal) }
    await deps.store.check(resource, change, signal)
    return { type: 'object', code: 201, object }
  } catch (error) {
    if (limit && error instanceof LimitReached)
      throw exceeded({ resource, name, object }, limit, error.taken)
    if (error instanceof ClaimTaken) {
      const lapsed = await lapsedHolder(deps, request, name, error)
      if (dryRun) return { type: 'object', code: 201, object }
      if (attempts === 1) throw claimTaken(resource.kind, name, error.holder)
      if (lapsed) await deps.store.unclaim(resource, lapsed, signal)
      return stored(deps, request, options, prepared, attempts - 1)
    }
    if (!(error instanceof AlreadyExists)) throw error
    throw await nameTaken(deps, request, prepared)
  }
}

async function nameTaken(
  { store }: WriteDeps,
  { resource, signal }: ApiRequest,
  { metadata }: UnknownObject,
): Promise<StatusError> {
  const { name, namespace = '', generateName } = metadata
  const { code, reason, message, details } = generateName
    ? noNameLeft(resource.kind, name)
    : alreadyExists(resource.kind, name)
  const entry = await store.get(resource, { namespace, name }, signal)
  const there = entry && (JSON.parse(entry.json) as UnknownObject)
  return new NameTaken(
    code,
    reason,
    `${there?.metadata.deletionTimestamp ? 'object is being deleted: ' : ''}${message}`,
    details,
  )
}
