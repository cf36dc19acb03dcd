import { invalid, type Cause } from './cause.ts'
import type { Scale } from './definition.ts'
import { goJson, goNumber } from './go-text.ts'
import { isInt64 } from './numbers.ts'
import { isFields, type Fields } from './structural.ts'

const MAX_INT32 = 2 ** 31 - 1

/** What is wrong with the fields that the scale subresource reads, whatever the schema says of them. */
export function scaleCauses(object: Fields, scale: Scale | undefined): Cause[] {
  if (!scale) return []
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  return [
    ...replicasCauses(object, specReplicasPath),
    ...replicasCauses(object, statusReplicasPath),
    ...(labelSelectorPath ? selectorCauses(object, labelSelectorPath) : []),
  ]
}

function replicasCauses(object: Fields, path: string): Cause[] {
  const found = read(object, path, 'int64', isInt64)
  if ('error' in found) return [invalid(path, 0, found.error)]
  const value = (found.value ?? 0) as number
  if (value < 0) return [invalid(path, value, 'should be a non-negative integer')]
  return value > MAX_INT32
    ? [invalid(path, value, `should be less than or equal to ${MAX_INT32}`)]
    : []
}

function selectorCauses(object: Fields, path: string): Cause[] {
  const found = read(object, path, 'string', value => typeof value === 'string')
  return 'error' in found ? [invalid(path, '', found.error)] : []
}

type Found = { readonly value: unknown } | { readonly error: string }

function read(
  object: Fields,
  path: string,
  type: string,
  isType: (value: unknown) => boolean,
): Found {
  const steps = path.replace(/^\./, '').split('.')
  const wrong = (value: unknown, depth: number, expected: string): Found => ({
    error: `.${steps.slice(0, depth).join('.')} accessor error: ${goPlain(value)} is of the type ${goType(value)}, expected ${expected}`,
  })
  let value: unknown = object
  for (const [index, step] of steps.entries()) {
    if (value === null) return { value: undefined }
    if (!isFields(value)) return wrong(value, index + 1, 'map[string]interface{}')
    if (!Object.hasOwn(value, step)) return { value: undefined }
    value = value[step]
  }
  return isType(value) ? { value } : wrong(value, steps.length, type)
}

function goType(value: unknown): string {
  if (value === null) return '<nil>'
  if (typeof value === 'number') return isInt64(value) ? 'int64' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}'
}

/** A value as Go's %v has it. */
function goPlain(value: unknown): string {
  if (value === null) return '<nil>'
  if (typeof value === 'number') return goNumber(value)
  if (Array.isArray(value)) return `[${value.map(goPlain).join(' ')}]`
  if (!isFields(value)) return typeof value === 'string' ? value : goJson(value)
  const names = Object.keys(value).toSorted()
  return `map[${names.map(name => `${name}:${goPlain(value[name])}`).join(' ')}]`
}
