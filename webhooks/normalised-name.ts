import { normalizeName } from '#src/lib/names.ts'
import { allow, deny, type Finding, type Request } from './rule.ts'

/**
 * Refuses a name that is not a normalised one (R8, R10). A webhook cannot rename an object,
 * so it says what the name would have to be.
 */
export function nameFindings({ object, operation }: Request): readonly Finding[] {
  const { name } = object.metadata
  if (operation !== 'CREATE' || !name || normalizeName(name) === name) return allow
  return deny({
    rule: 'R10',
    field: 'metadata.name',
    value: name,
    problem: 'is not a normalised name: at most 63 of a-z, 0-9 and hyphen',
    fix: `write "${normalizeName(name)}"`,
  })
}
