import type { UnknownObject } from '#src/api/object.ts'
import type { Admission, Attributes } from '../admission/admission.ts'
import { decoded } from './body.ts'
import { failed } from './errors.ts'
import { withDistinctOwners } from './owner-references.ts'

/** The object after admission has changed it, as the schema wants it. */
export async function mutated(
  admission: Admission,
  attributes: Attributes & { readonly object: UnknownObject },
): Promise<UnknownObject> {
  const { evaluator } = attributes.resource
  const object = await admission.mutate(
    attributes,
    changed => decoded(() => evaluator.decode(changed), failed).object as UnknownObject,
  )
  return withDistinctOwners(object, text => attributes.warn(text), true)
}
