import { invalid as invalidValue, type Cause } from '#src/lib/schema/cause.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Admission } from '../admission/admission.ts'
import type { Handler } from '../request.ts'
import { invalid } from '../status-error.ts'
import { attributesOf, metadataOf } from '../write/attributes.ts'
import { bodyType, inNamespace, readObject } from '../write/body.ts'
import { mutated } from '../write/mutate.ts'
import { admissionOptions, writeOptions } from '../write/options.ts'
import { wiped } from '../write/strategy.ts'
import type { Review } from './review.ts'

/**
 * POST of what is only ever asked: read, admitted and validated as what is stored, then answered in its status. A dry run is
 * no different. Throws Error at once where one of the resources has no review.
 */
export function reviewHandler(
  plurals: readonly string[],
  reviews: Readonly<Record<string, Review>>,
  admission: Admission,
): Handler {
  for (const plural of plurals)
    if (!Object.hasOwn(reviews, plural)) throw new Error(`nobody answers ${plural}`)
  return async request => {
    const { resource, namespace, user, signal, query } = request
    const { group, kind, plural } = resource.kind
    const type = bodyType(request)
    const options = writeOptions(query, 'CreateOptions')
    const sent = inNamespace(wiped(readObject(request, type, options)), namespace)
    const attributes = {
      ...attributesOf(
        request,
        'CREATE',
        admissionOptions(options, query.get('fieldValidation'), 'CREATE'),
        '',
      ),
      oldObject: undefined,
    }
    const object = withoutStatus(await mutated(admission, { ...attributes, object: sent }))
    const causes = causesOf(object, resource.evaluator)
    if (causes.length > 0) throw invalid({ group, kind }, '', causes)
    await admission.validate({ ...attributes, object })
    const status = await reviews[plural]!({
      resource,
      namespace,
      spec: object.spec!,
      user,
      signal,
    })
    return { type: 'object', code: 201, object: { ...object, status: { ...status } } }
  }
}

/** The answer is not for whoever asks to write. */
function withoutStatus(sent: UnknownObject): UnknownObject {
  const { status: _, ...object } = sent
  return object
}

/** As SubjectAccessReview has it: what is never kept has no name, and nothing to be found by. */
function causesOf(
  object: UnknownObject,
  { createCauses }: { readonly createCauses: (object: UnknownObject) => readonly Cause[] },
): readonly Cause[] {
  const { namespace, ...rest } = metadataOf(object)
  const named = { ...object, metadata: { namespace, name: 'review' } } as UnknownObject
  return [
    ...(Object.keys(rest).length > 0
      ? [invalidValue('metadata', object.metadata, 'must be empty except for namespace')]
      : []),
    ...createCauses(named),
  ]
}
