import type { Kind } from '#src/api/kind.ts'
import { homesOf, referencesOf, type Named } from '#src/lib/references.ts'
import type { Read, Request } from './rule.ts'

/** What an object of a kind names by this very write; what it named before may have gone, and is not looked at again. */
export function newReferences(kind: Kind, { object, oldObject }: Request): readonly Named[] {
  const old = new Set(referencesOf(kind, oldObject).map(keyOf))
  return referencesOf(kind, object).filter(reference => !old.has(keyOf(reference)))
}

const keyOf = ({ kind, name }: Named): string => `${kind.kind}/${name}`

/** How to read what is named, so that something made a moment before is found. */
export const readsOf = (references: readonly Named[], namespace: string): readonly Read[] =>
  references.flatMap(({ kind, name }) =>
    homesOf(kind, namespace).map(home => ({ kind, name, namespace: home, fresh: 'on-miss' })),
  )
