import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import { badRequest, StatusError, tooLarge } from '../status-error.ts'
import { duplicateFields, readJson } from './body.ts'
import { goKind } from './go-words.ts'
import { applyPatch, Inapplicable, type Operation } from './json-patch.ts'
import { mergePatch } from './merge-patch.ts'

const MAX_OPERATIONS = 10_000

export interface Patched {
  /** No object yet: anything that a patch can make of one. */
  readonly value: unknown
  /** What of the patch itself is not as it should be. */
  readonly strict: readonly string[]
}

/** Applies a JSON patch. Throws StatusError 400, 413 or 422. */
export function jsonPatched(document: Fields, text: string, isStrict: boolean): Patched {
  const why = (said: string): Error => badRequest(isStrict ? `error decoding patch: ${said}` : said)
  const value = readJson(text, why)
  const operations = operationsOf(value, isStrict, why)
  if (operations.length > MAX_OPERATIONS)
    throw tooLarge(
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    )
  const strict = isStrict ? strictFaults(operations, text) : []
  try {
    return { value: applyPatch(document, operations), strict }
  } catch (error) {
    if (!(error instanceof Inapplicable)) throw error
    throw new StatusError(
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
      {},
    )
  }
}

const LIST = '[]handlers.jsonPatchOp'

function operationsOf(
  value: unknown,
  isStrict: boolean,
  refusal: (why: string) => Error,
): readonly Operation[] {
  const unread = (found: unknown, into: string): Error =>
    refusal(`json: cannot unmarshal ${goKind(found)} into ${into}`)
  if (value === null) return []
  if (!Array.isArray(value))
    throw unread(value, `Go value of type ${isStrict ? LIST : 'jsonpatch.Patch'}`)
  return value.map(item => {
    const operation: unknown = item ?? {}
    if (!isFields(operation))
      throw unread(
        operation,
        `Go value of type ${isStrict ? LIST.slice(2) : 'jsonpatch.Operation'}`,
      )
    for (const name of isStrict ? ['op', 'path', 'from'] : []) {
      const field = operation[name] ?? ''
      if (typeof field !== 'string')
        throw unread(field, `Go struct field jsonPatchOp.${name} of type string`)
    }
    return operation
  })
}

const KNOWN: readonly string[] = ['op', 'path', 'from', 'value']

function strictFaults(operations: readonly Operation[], text: string): readonly string[] {
  const unknown = operations.flatMap((operation, index) =>
    Object.keys(operation)
      .filter(name => !KNOWN.includes(name))
      .map(name => `unknown field "[${index}].${name}"`),
  )
  return [...duplicateFields(text), ...unknown].map(fault => `json patch ${fault}`)
}

/** Applies a merge patch. Throws StatusError 400. */
export function mergePatched(document: Fields, text: string, isStrict: boolean): Patched {
  const value = readJson(text, why =>
    badRequest(isStrict ? `error decoding patch: ${why}` : 'Invalid JSON Patch'),
  )
  if (isFields(value))
    return { value: mergePatch(document, value), strict: isStrict ? duplicateFields(text) : [] }
  if (isStrict && value !== null)
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${goKind(value)} into Go value of type map[string]interface {}`,
    )
  if (!Array.isArray(value)) throw badRequest('Invalid JSON Patch')
  return { value, strict: [] }
}
