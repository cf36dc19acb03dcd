import { ownedKinds } from '#src/api/kinds.ts'
import { nameFindings } from '#webhooks/normalised-name.ts'
import { allow, rule, type Request } from '#webhooks/rule.ts'

/** How much of generateName the API server keeps, and how many characters it adds. */
const GENERATED_KEEPS = 58
const GENERATED_ADDS = 5

/**
 * The name of an object is a DNS label as it would come out of the normalisation.
 *
 * Names end up in labels, Jobs, branches and parts of URLs; one of 253 characters with dots in
 * it would fail there, much later, where nobody can tell why. Names that the API server makes
 * from generateName are not judged: nobody chose them. The admission policy
 * `organization-scope` refuses the same inside the API server.
 */
export default rule({
  kinds: ownedKinds,
  operations: ['CREATE'],
  enforces: ['R8', 'R10'],
  background: 'always',
  native: 'kradle-organization-scope',
  decide: request => (isGenerated(request) ? allow : nameFindings(request)),
})

/** By now a generated name looks like any other, so it is known by its form. */
function isGenerated({ object: { metadata } }: Request): boolean {
  const { name, generateName } = metadata
  if (!name || typeof generateName !== 'string' || generateName === '') return false
  const kept = generateName.slice(0, GENERATED_KEEPS)
  return name.startsWith(kept) && name.length === kept.length + GENERATED_ADDS
}
