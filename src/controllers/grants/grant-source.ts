import type { ConditionInput } from '#src/lib/controller.ts'
import type { KeysOnly } from '#src/lib/keys-only.ts'
import { met, unmet } from '#src/lib/conditions.ts'
import { listing } from './listing.ts'

/** Whether what a grant grants from is there, with every key it names (R53). Names of keys alone are ever told (R60). */
export function sourceConditions(
  kind: 'ConfigMap' | 'Secret',
  { name, keys }: { readonly name: string; readonly keys: readonly string[] },
  source: KeysOnly | undefined,
): readonly ConditionInput[] {
  const exists = `${kind}Exists`
  if (!source)
    return [
      unmet(exists, `${kind}Missing`, `${kind} "${name}" does not exist`),
      unmet('KeysExist', `${kind}Missing`, `${kind} "${name}" does not exist`),
    ]
  return [met(exists, `${kind}Found`, `${kind} "${name}" exists`), keysCondition()]

  function keysCondition(): ConditionInput {
    if (keys.length === 0)
      return unmet(
        'KeysExist',
        'NoKeys',
        'The grant names no key and so grants nothing; write the keys [R53]',
      )
    const missing = keys.filter(key => !source?.keys.includes(key))
    if (missing.length === 0)
      return met('KeysExist', 'KeysFound', `${kind} "${name}" has every key that is granted`)
    return unmet(
      'KeysExist',
      'KeyMissing',
      `${kind} "${name}" has no key ${listing(missing.map(key => `"${key}"`))}`,
    )
  }
}
