import { KradleInferenceService, KradleServingRuntime } from '#src/api/inference/v1alpha1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * The runtime that a service names can serve the format of its model.
 *
 * Otherwise replicas would be started that can never load it. A runtime that is not there yet
 * is left to the reference's condition, so that both may be applied in any order; and what
 * stands already is not looked at again, so that a runtime which dropped a format does not
 * stop other changes to its services.
 */
export default rule({
  kinds: [KradleInferenceService],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R209'],
  background: 'always',
  watches: [KradleServingRuntime],
  lookups({ namespace, object, oldObject }) {
    const choice = newChoice(object, oldObject)
    return choice
      ? [{ kind: KradleServingRuntime, name: choice.runtime, namespace, fresh: 'on-miss' }]
      : []
  },
  decide({ namespace, object, oldObject }, cluster) {
    const choice = newChoice(object, oldObject)
    if (!choice) return allow
    const { runtime, format, version } = choice
    const found = cluster.get(KradleServingRuntime, runtime, namespace)
    if (!found) return allow
    const supported = found.spec.supportedModelFormats
    const versions = supported.filter(({ name }) => name === format)
    if (versions.some(one => version === undefined || (one.version ?? version) === version))
      return allow
    // Where the format itself is fine, what is wrong is its version.
    const known = versions.length > 0
    const offered = known ? versions.map(one => one.version) : supported.map(({ name }) => name)
    const problem = known
      ? `is a version of ${format} that KradleServingRuntime "${runtime}" does not support`
      : `is not a format that KradleServingRuntime "${runtime}" supports`
    return deny({
      rule: 'R209',
      field: `spec.predictor.model.modelFormat.${known ? 'version' : 'name'}`,
      value: known ? version : format,
      problem: `${problem}; it supports ${[...new Set(offered)].join(', ') || 'none'}`,
      fix: 'write one of those, or name another runtime in spec.predictor.model.runtime',
    })
  },
})

interface Choice {
  readonly runtime: string
  readonly format: string
  readonly version: string | undefined
}

/** What the service asks of its runtime, where that is new. Malformed: the schema says so better. */
function newChoice(object: UnknownObject, oldObject: UnknownObject | undefined) {
  const choice = choiceOf(object)
  return choice && oldObject && jsonEqual(choice, choiceOf(oldObject)) ? undefined : choice
}

function choiceOf({ spec }: UnknownObject): Choice | undefined {
  const model = (spec as Loose | undefined)?.predictor?.model
  const { name: format, version } = model?.modelFormat ?? {}
  const runtime = model?.runtime
  if (typeof runtime !== 'string' || runtime === '' || typeof format !== 'string') return undefined
  return { runtime, format, version: typeof version === 'string' ? version : undefined }
}

/** A spec that nobody has checked. */
interface Loose {
  readonly predictor?: {
    readonly model?: {
      readonly runtime?: unknown
      readonly modelFormat?: { readonly name?: unknown; readonly version?: unknown } | null
    } | null
  } | null
}
