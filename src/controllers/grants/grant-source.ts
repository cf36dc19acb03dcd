import type { ConditionInput } from '#src/lib/controller.ts'
import type { KeysOnly } from '#src/lib/keys-only.ts'
import { fails, holds, listing } from './conditions.ts'

/** Whether what a grant grants from is there, with every key it names (R53). Names of keys alone are ever told (R60). */
export function sourceConditions(
  kind: 'ConfigMap' | 'Secret',
  { name, keys }: { readonly name: string; readonly keys: readonly string[] },
  source: KeysOnly | undefined,
): readonly ConditionInput[] {
  const exists = `${kind}Exists`
  if (!source)
    return [
      fails(exists, `${kind}Missing`, `${kind} "${name}" does not exist`),
      fails('KeysExist', `${kind}Missing`, `${kind} "${name}" does not exist`),
    ]
  return [holds(exists, `${kind}Found`, `${kind} "${name}" exists`), keysCondition()]

  function keysCondition(): ConditionInput {
    if (keys.length === 0)
      return fails(
        'KeysExist',
        'NoKeys',
        'The grant names no key and so grants nothing; write the keys [R53]',
      )
    const missing = keys.filter(key => !source?.keys.includes(key))
    if (missing.length === 0)
      return holds('KeysExist', 'KeysFound', `${kind} "${name}" has every key that is granted`)
    return fails(
      'KeysExist',
      'KeyMissing',
      `${kind} "${name}" has no key ${listing(missing.map(key => `"${key}"`))}`,
    )
  }
}
