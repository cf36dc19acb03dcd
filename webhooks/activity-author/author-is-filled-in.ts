import { authors } from '#webhooks/authors.ts'
import { mutation } from '#webhooks/rule.ts'

/**
 * Who makes an object is written into it.
 *
 * Whom an approval is of, and who may not decide on what he asked for, is found out from there; so
 * it comes from the request. What is there already is for author-is-the-requester to judge. An update
 * that leaves it out means no other one.
 */
export default mutation({
  kinds: authors.map(({ kind }) => kind),
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R77', 'R78', 'R88', 'R213', 'R227'],
  needed: 'true',
  apply({ object, oldObject, resource, user }) {
    const author = authors.find(({ kind }) => kind.plural === resource.resource)
    if (!author || author.field in object.spec) return object
    const value = oldObject ? oldObject.spec[author.field] : user.username
    return value === undefined
      ? object
      : { ...object, spec: { ...object.spec, [author.field]: value } }
  },
})
