import type { UnknownObject } from '#src/api/object.ts'
import { orgNamespace } from '#src/api/names.ts'
import type { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import { KradleError } from '#src/lib/errors.ts'

/** Tests are files beside a template, never objects of an API: no server has this group. */
export const TEST_API_VERSION = 'cli.kradle.a5c.ai/v1alpha1'

/** The organisation in which tests bind their template. */
export const TEST_ORGANIZATION = 'acme'

const RESULTS = ['pass', 'fail', 'skip', 'error', 'deleted', 'kept'] as const

/** What becomes of an object. `deleted` and `kept` are of Deleting policies, the others of those that judge. */
export type Result = (typeof RESULTS)[number]

/** An object, and what a binding makes of it. */
export interface ExpectedObject {
  readonly result: Result
  /** A part of the message; of those that fail. */
  readonly message?: string
  /** For readers. */
  readonly why?: string
  readonly object: UnknownObject
  /** What is there already: the object is a change of it. Kyverno's CLI knows no such changes, Kradle judges them alone. */
  readonly oldObject?: UnknownObject
}

/** An exception that was approved of; it is over from expiresAt on. RFC 3339. */
export interface TestedException {
  readonly kind: string
  readonly name: string
  readonly expiresAt: string
}

/** One binding of a template, and what it makes of objects. */
export interface PolicyTest {
  readonly name: string
  readonly parameters?: PolicyBinding['spec']['parameters']
  readonly target?: PolicyBinding['spec']['target']
  readonly match?: PolicyBinding['spec']['match']
  readonly exceptions: readonly TestedException[]
  /** Stated data of images, as the Context of Kyverno's CLI has it, where no registry is asked. */
  readonly images: readonly Readonly<Record<string, unknown>>[]
  readonly objects: readonly ExpectedObject[]
}

/** Reads a document as a test; what it says where it cannot be one begins with the field. */
export function policyTestOf(value: unknown): PolicyTest {
  const { apiVersion, kind, metadata, spec, ...others } = mapAt('the document', value)
  known('', others)
  if (apiVersion !== TEST_API_VERSION || kind !== 'PolicyTest')
    throw invalid(`is no test; write apiVersion "${TEST_API_VERSION}" and kind "PolicyTest"`)
  const { name } = mapAt('metadata', metadata)
  if (typeof name !== 'string' || name === '') throw invalid('metadata.name: is missing')
  const { objects, exceptions, images, parameters, target, match, ...unknown } = mapAt('spec', spec)
  known('spec.', unknown)
  const expected = listAt('spec.objects', objects).map((item, index) =>
    expectedAt(`spec.objects[${index}]`, item),
  )
  if (expected.length === 0) throw invalid('spec.objects: is empty, so it would test nothing')
  const names = expected.map(({ object }) => object.metadata.name)
  const twice = names.find((each, index) => names.indexOf(each) !== index)
  // Kyverno's CLI tells objects apart by their names alone.
  if (twice !== undefined)
    throw invalid(`spec.objects: two of them are named "${twice}"; give each a name of its own`)
  return {
    name,
    ...(parameters !== undefined && { parameters: mapAt('spec.parameters', parameters) }),
    ...(target !== undefined && {
      target: mapAt('spec.target', target),
    }),
    ...(match !== undefined && {
      match: mapAt('spec.match', match),
    }),
    exceptions: listAt('spec.exceptions', exceptions ?? []).map((item, index) =>
      exceptionAt(`spec.exceptions[${index}]`, item),
    ),
    images: listAt('spec.images', images ?? []).map((item, index) =>
      mapAt(`spec.images[${index}]`, item),
    ),
    objects: expected,
  }
}

function expectedAt(field: string, value: unknown): ExpectedObject {
  const { result, message, why, object, oldObject, ...others } = mapAt(field, value)
  known(`${field}.`, others)
  if (!RESULTS.some(each => each === result))
    throw invalid(`${field}.result: write one of ${RESULTS.join(', ')}`)
  for (const [name, text] of Object.entries({ message, why }))
    if (text !== undefined && typeof text !== 'string')
      throw invalid(`${field}.${name}: is no text`)
  return {
    result: result as Result,
    ...(message !== undefined && { message: message as string }),
    ...(why !== undefined && { why: why as string }),
    object: objectAt(`${field}.object`, object),
    ...(oldObject !== undefined && { oldObject: objectAt(`${field}.oldObject`, oldObject) }),
  }
}

/** An object in the namespace of the test's organisation, which is where its policy is. */
function objectAt(field: string, value: unknown): UnknownObject {
  const { metadata, apiVersion, kind, ...others } = mapAt(field, value)
  const { name, namespace, ...more } = mapAt(`${field}.metadata`, metadata)
  for (const [part, text] of Object.entries({ apiVersion, kind, 'metadata.name': name }))
    if (typeof text !== 'string' || text === '') throw invalid(`${field}.${part}: is missing`)
  if (namespace !== undefined)
    throw invalid(`${field}.metadata.namespace: leave it out; policies see their own alone`)
  return {
    apiVersion: apiVersion as string,
    kind: kind as string,
    metadata: { name: name as string, namespace: orgNamespace(TEST_ORGANIZATION), ...more },
    ...others,
  }
}

function exceptionAt(field: string, value: unknown): TestedException {
  const { kind, name, expiresAt, ...others } = mapAt(field, value)
  known(`${field}.`, others)
  for (const [part, text] of Object.entries({ kind, name, expiresAt }))
    if (typeof text !== 'string' || text === '') throw invalid(`${field}.${part}: is missing`)
  if (Number.isNaN(Date.parse(expiresAt as string)))
    throw invalid(`${field}.expiresAt: "${expiresAt as string}" is no time`)
  return { kind, name, expiresAt } as TestedException
}

function mapAt(field: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw invalid(`${field}: is ${value === undefined ? 'missing' : 'no map'}`)
}

function listAt(field: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw invalid(`${field}: is ${value === undefined ? 'missing' : 'no list'}`)
}

/** A field that nobody reads is a mistake, not a wish. */
function known(prefix: string, others: Record<string, unknown>): void {
  const [name] = Object.keys(others)
  if (name !== undefined) throw invalid(`${prefix}${name}: is no field of a PolicyTest`)
}

const invalid = (message: string): KradleError => new KradleError('InvalidPolicyTest', message)
