import { apiVersionOf } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { Undecodable } from '#src/lib/schema/metadata-decode.ts'
import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import type { ApiRequest } from '../request.ts'
import { badRequest, unsupportedMediaType } from '../status-error.ts'
import { duplicateKeys } from './duplicate-keys.ts'
import { goKind, unreadable } from './go-words.ts'
import { syntaxError } from './json-syntax.ts'
import type { WriteOptions } from './options.ts'
import { readYaml } from './yaml-text.ts'

const JSON_TYPE = 'application/json'
const YAML_TYPE = 'application/yaml'
/** Said to be accepted, and not: no object of a definition can be read from it. */
const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf'

/** The type of a body, JSON where none is named. Throws StatusError 415. */
export function bodyType({ contentType }: ApiRequest): 'json' | 'yaml' {
  if (contentType === '' || contentType === JSON_TYPE) return 'json'
  if (contentType === YAML_TYPE) return 'yaml'
  throw unsupportedMediaType([JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE])
}

/** The object of a create or update: pruned, filled in, of the right version. Throws StatusError 400. */
export function readObject(
  request: ApiRequest,
  type: 'json' | 'yaml',
  { fieldValidation }: WriteOptions,
): UnknownObject {
  const { kind, evaluator } = request.resource
  const text = request.body.toString()
  const unrecognized = (why: string): Error =>
    badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): ${why} (${summary(request.body)})`,
    )
  const { value, duplicates } = readText(text, type, unrecognized)
  const version = versionOf(value, unrecognized)
  if (!isFields(value) || !value['kind'])
    throw unrecognized(`Object 'Kind' is missing in '${text}'`)
  const unhandled = (why: string): Error =>
    badRequest(
      `${textOf(value, 'kind')} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: ${why}`,
    )
  const { object, strict } = decoded(() => evaluator.decode(value), unhandled)
  if (fieldValidation !== 'Ignore') {
    const faults = [...duplicates(), ...strict.map(said => ({ said, warnings: [said] }))]
    if (faults.length > 0 && fieldValidation === 'Strict')
      throw unhandled(`strict decoding error: ${faults.map(({ said }) => said).join(', ')}`)
    for (const { warnings } of faults) for (const warning of warnings) request.warn(warning)
  }
  const sent = textOf(object, 'apiVersion')
  if (sent !== apiVersionOf(kind))
    throw badRequest(
      `the API version in the data (${sent}) does not match the expected API version (${apiVersionOf(kind)})`,
    )
  return object as UnknownObject
}

/** A fault of the text as one error says it, and as warnings do. */
interface Fault {
  readonly said: string
  readonly warnings: readonly string[]
}

interface Text {
  readonly value: unknown
  /** What is there twice; worked out only when asked for. */
  readonly duplicates: () => readonly Fault[]
}

function readText(text: string, type: 'json' | 'yaml', refusal: (why: string) => Error): Text {
  if (type === 'json') {
    const value = readJson(text, why =>
      refusal(`couldn't get version/kind; json parse error: ${why}`),
    )
    return {
      value,
      duplicates: () => duplicateFields(text).map(said => ({ said, warnings: [said] })),
    }
  }
  const { value, duplicates } = readYaml(text, refusal)
  return { value, duplicates: () => yamlFaults(duplicates, '') }
}

/** Reads JSON. Throws what `refusal` makes of the words of Go's encoding/json. */
export function readJson(text: string, refusal: (why: string) => Error): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw refusal(syntaxError(text)!)
  }
}

/** `duplicate field "spec.colour"` for each field that is there more than once. */
export const duplicateFields = (text: string): readonly string[] =>
  duplicateKeys(text).map(path => `duplicate field "${path}"`)

/** All of them are one error and as many warnings. */
export const yamlFaults = (duplicates: readonly string[], prefix: string): readonly Fault[] =>
  duplicates.length > 0
    ? [
        {
          said: `${prefix}yaml: unmarshal errors:\n${duplicates.map(line => `  ${line}`).join('\n')}`,
          warnings: duplicates,
        },
      ]
    : []

/** What Go looks into for the type of an object. */
export const TYPE_META = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`

/** The version without its group, '' where there is none. Throws what `refusal` makes of what has no type at all. */
export function versionOf(value: unknown, refusal: (why: string) => Error): string {
  const unreadableType = (why: string): Error =>
    refusal(`couldn't get version/kind; json parse error: json: cannot unmarshal ${why}`)
  if (value === null) return ''
  if (!isFields(value)) throw unreadableType(`${goKind(value)} into Go value of type ${TYPE_META}`)
  for (const name of ['apiVersion', 'kind']) {
    const found = value[name] ?? ''
    if (typeof found !== 'string')
      throw unreadableType(`${goKind(found)} into Go struct field .${name} of type string`)
  }
  const parts = textOf(value, 'apiVersion').split('/')
  if (parts.length > 2)
    throw refusal(`unexpected GroupVersion string: ${textOf(value, 'apiVersion')}`)
  return parts.at(-1)!
}

/** Fields of text that may be left out. */
const textOf = (fields: Fields, name: 'apiVersion' | 'kind'): string =>
  (fields[name] ?? '') as string

/** Runs what decodes. Throws what `refusal` makes of what could not be read. */
export function decoded<T>(decode: () => T, refusal: (why: string) => Error): T {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error
    throw refusal(unreadable(error))
  }
}

const SHOWN_BYTES = 30

function summary(body: Buffer): string {
  if (body.length === 0) return '<empty>'
  const shown = body.subarray(0, SHOWN_BYTES).toString(body[0] === 0x7b ? 'utf8' : 'hex')
  return body.length > SHOWN_BYTES ? `${shown} ...` : shown
}

/** Sees to it that the namespace is that of the request. Throws StatusError 400. */
export function inNamespace(object: UnknownObject, namespace: string): UnknownObject {
  const metadata = { ...(object.metadata as object) } as Fields
  if (metadata['namespace'] === undefined || metadata['namespace'] === '') {
    if (!namespace) return object
    return { ...object, metadata: { ...object.metadata, namespace } }
  }
  if (metadata['namespace'] === namespace) return object
  if (namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    )
  delete metadata['namespace']
  return { ...object, metadata: metadata as unknown as UnknownObject['metadata'] }
}

/** Throws StatusError 400 where the object goes by another name than the URL. */
export function checkName({ metadata }: UnknownObject, name: string): void {
  const own = (metadata as { readonly name?: string } | undefined)?.name ?? ''
  if (!own)
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    )
  if (own !== name)
    throw badRequest(`the name of the object (${own}) does not match the name on the URL (${name})`)
}
