import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { isMap, listOf, mapOf } from '#src/permissions/untyped.ts'
import { NOTHING } from './parameters.ts'

const TYPES: ReadonlySet<unknown> = new Set<PolicyTemplate['spec']['kyverno']['type']>([
  'Validating',
  'Mutating',
  'Generating',
  'ImageValidating',
  'Deleting',
])

/** Whether an object has the shape that its definition asks of a template; what has not is for the definition to refuse. */
export function isTemplate(object: { readonly spec?: unknown }): object is PolicyTemplate {
  const { kyverno, targetKinds, parameters = [] } = mapOf(object.spec)
  const { type, spec } = mapOf(kyverno)
  return (
    TYPES.has(type) &&
    isMap(spec) &&
    Array.isArray(targetKinds) &&
    targetKinds.every(target => typeof target === 'string') &&
    Array.isArray(parameters) &&
    listOf(parameters).every(each => Object.hasOwn(NOTHING, String(mapOf(each)['type'])))
  )
}
