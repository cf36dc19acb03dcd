import type { UnknownObject } from '#src/api/object.ts'
import { quoted } from '#src/lib/schema/go-text.ts'
import { keyFaults } from '#src/lib/schema/metadata-names.ts'

export const FOREGROUND = 'foregroundDeletion'
export const ORPHAN = 'orphan'
const STANDARD = new Set([FOREGROUND, ORPHAN, 'kubernetes'])

export const finalizersOf = ({ metadata }: UnknownObject): readonly string[] =>
  (metadata as UnknownObject['metadata'] | undefined)?.finalizers ?? []

/** What kube-apiserver says of finalizers that a write adds and that belong to nobody by their name. */
export function finalizerWarnings(object: UnknownObject, old?: UnknownObject): readonly string[] {
  const known = new Set(old ? finalizersOf(old) : [])
  const added = [...new Set(finalizersOf(object))].filter(name => !known.has(name)).toSorted()
  return added.flatMap(name => [
    ...keyFaults(name).map(fault => said(name, fault)),
    ...(name.includes('/') || STANDARD.has(name)
      ? []
      : [
          said(
            name,
            `prefer a domain-qualified finalizer name ${name.includes('.') ? 'including a path (/) ' : ''}to avoid accidental conflicts with other finalizer writers`,
          ),
        ]),
  ])
}

const said = (name: string, fault: string): string =>
  `metadata.finalizers: ${quoted(name)}: ${fault}`
