import { ExternalWriteIntent } from '#src/api/activity/v1alpha1.ts'
import { slugOfNamespace } from '#src/api/names.ts'
import { mapOf, textOf } from '#src/permissions/untyped.ts'
import { mutation } from '#webhooks/rule.ts'

/**
 * An intent has a key that it is done once by: organisation, object, operation and its own name.
 *
 * A write that is tried again, or sent by two replicas, is known by it at the provider.
 */
export default mutation({
  kinds: [ExternalWriteIntent],
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R186'],
  needed: '!has(object.spec.idempotencyKey)',
  apply({ object, oldObject, name, namespace }) {
    const { spec } = object
    if ('idempotencyKey' in spec) return object
    const { kind, name: target, nativeId } = mapOf(spec['resourceRef'])
    const about = textOf(target) || textOf(nativeId)
    const idempotencyKey = oldObject
      ? oldObject.spec['idempotencyKey']
      : [slugOfNamespace(namespace), `${textOf(kind)}/${about}`, spec['operation'], name].join(':')
    return idempotencyKey === undefined ? object : { ...object, spec: { ...spec, idempotencyKey } }
  },
})
