import type { UnknownObject } from '#src/api/object.ts'
import type { FieldManager } from '#src/apiserver/managed-fields/field-manager.ts'
import { withUnmovedTimes } from '#src/apiserver/managed-fields/unmoved-times.ts'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { dropNulls, fillIn } from '#src/lib/schema/default.ts'
import { decodeEmbedded } from '#src/lib/schema/embedded.ts'
import { decodeMetadata } from '#src/lib/schema/metadata-decode.ts'
import { prune } from '#src/lib/schema/prune.ts'
import type { Step } from './program.ts'

/** What a write does to an object around the fields' managers, as briefly as the comparison allows. */
export function serverOf(manager: FieldManager, schema: unknown) {
  const root = compileSchema(schema)

  const decoded = (value: UnknownObject): UnknownObject => {
    const object = structuredClone(value)
    fillIn(object, root)
    const metadata = decodeMetadata(object.metadata, 'metadata', [])
    prune(object, root)
    dropNulls(object, root)
    decodeEmbedded(object, root)
    return { ...object, metadata: metadata as unknown as UnknownObject['metadata'] }
  }

  return {
    /** The object after the step. Throws what the manager throws. */
    after(live: UnknownObject | undefined, step: Step, time: string): UnknownObject {
      const { subresource, name } = step
      const writing = { manager: step.manager, subresource, time }
      const next =
        step.type === 'apply'
          ? manager.apply(live, step.body, { ...writing, force: step.force })
          : manager.update(live, decoded(step.next), writing)
      if (step.type === 'apply') fillIn(next, root)
      const kept = live ? reset(live, next, subresource) : withoutStatus(next)
      const named = { ...kept, metadata: { ...kept.metadata, name } }
      return decoded(live ? withUnmovedTimes(live, withSystemFields(live, named)) : named)
    },
  }
}

/** What a write in this place has no say in stays as it is. */
function reset(live: UnknownObject, next: UnknownObject, subresource: string): UnknownObject {
  const { managedFields: _, ...metadata } = live.metadata
  const { managedFields } = next.metadata
  const { status: _status, ...others } = next
  return subresource === 'status'
    ? {
        ...withoutStatus(live),
        ...('status' in next && { status: next.status }),
        metadata: { ...metadata, ...(managedFields && { managedFields }) },
      }
    : { ...others, ...('status' in live && { status: live.status }), metadata: next.metadata }
}

function withoutStatus(object: UnknownObject): UnknownObject {
  const { status: _, ...others } = object
  return others
}

/** The API server fills these in. */
function withSystemFields(live: UnknownObject, next: UnknownObject): UnknownObject {
  const { uid, creationTimestamp, generation, resourceVersion, namespace } = live.metadata
  const system = { uid, creationTimestamp, generation, resourceVersion, namespace }
  return { ...next, metadata: { ...next.metadata, ...system } as UnknownObject['metadata'] }
}

/** An object without what the API server makes up. */
export function comparable(object: UnknownObject): unknown {
  const {
    uid: _uid,
    creationTimestamp: _time,
    generation: _generation,
    resourceVersion: _version,
    namespace: _namespace,
    ...metadata
  } = object.metadata
  return JSON.parse(JSON.stringify({ ...object, metadata }))
}
