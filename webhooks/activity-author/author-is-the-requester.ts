import { authors, speaksForOthers } from '#webhooks/authors.ts'
import { allow, deny, rule } from '#webhooks/rule.ts'

/**
 * Nobody makes an object in somebody else's name.
 *
 * Whoever could would approve his own pull request as somebody else, or decide on what he asked for
 * himself. Kradle's controllers do: what they bring from a provider has its author there.
 */
export default rule({
  kinds: authors.map(({ kind }) => kind),
  operations: ['CREATE'],
  enforces: ['R77', 'R78', 'R88', 'R213', 'R227'],
  decide({ object, resource, user }) {
    const author = authors.find(({ kind }) => kind.plural === resource.resource)
    if (!author || speaksForOthers(user)) return allow
    const value = object.spec[author.field]
    if (value === undefined || value === user.username) return allow
    return deny({
      rule: author.number,
      field: `spec.${author.field}`,
      value,
      problem: `is not who writes it, "${user.username}"`,
      fix: 'leave it out, it is filled in',
    })
  },
})
