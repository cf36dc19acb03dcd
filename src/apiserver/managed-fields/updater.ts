import { jsonEqual } from '#src/lib/json-diff.ts'
import { compare, withoutFields, type Comparison } from './compare.ts'
import { Unfit } from './conform.ts'
import { FieldSet } from './field-set.ts'
import { withSets, type Managed, type Owned } from './managed.ts'
import { managerId, type Manager } from './manager-id.ts'
import { merge } from './merge.ts'
import type { Path } from './path-element.ts'
import { reconcile } from './reconcile.ts'
import { remove } from './remove.ts'
import { setOf } from './set-of.ts'
import type { Atom } from './type.ts'

/** Of what, and where, fields are owned. */
export interface Scope {
  readonly atom: Atom
  readonly apiVersion: string
  /** The fields that a write in this place does not reach. */
  readonly ignored: FieldSet
}

/** A field that somebody else has with another value. */
export interface Conflict {
  readonly owner: Manager
  readonly path: Path
}

/** What comes of applying. */
export type Applied =
  | { readonly conflicts: readonly Conflict[] }
  | {
      readonly conflicts?: never
      /** undefined where it is the same as before. */
      readonly object: unknown
      readonly managed: Managed
    }

/** The fields that a write has changed or added, and what the managers still have after it. */
export function updated(
  live: unknown,
  next: unknown,
  managed: Managed,
  scope: Scope,
): { readonly changed: FieldSet; readonly managed: Managed } {
  const comparison = withoutFields(compare(live, next, scope.atom), scope.ignored)
  return {
    changed: comparison.modified.union(comparison.added),
    managed: afterwards(reconciled(managed, scope), comparison),
  }
}

/** The live object with what is applied, without what its manager applied before and nobody else has. */
export function applied(
  live: unknown,
  config: unknown,
  managed: Managed,
  {
    owner,
    scope,
    force,
  }: { readonly owner: Manager; readonly scope: Scope; readonly force: boolean },
): Applied {
  const { atom, apiVersion, ignored } = scope
  const before = reconciled(managed, scope)
  const id = managerId(owner)
  const last = before.get(id)
  const mine: Owned = {
    owner,
    set: setOf(config, atom).deepDifference(ignored),
    apiVersion,
    time: last?.time,
  }
  const owned = new Map([...before, [id, mine]])
  const object = pruned(merge(live, config, atom), owned, last, atom)
  const comparison = withoutFields(compare(live, object, atom), ignored)
  const others = new Map([...owned].filter(([other]) => other !== id))
  const conflicts = force ? [] : conflictsOf(others, comparison)
  if (conflicts.length > 0) return { conflicts }
  return {
    object: jsonEqual(live, object) ? undefined : object,
    managed: new Map([
      ...afterwards(others, comparison),
      ...(mine.set.isEmpty ? [] : [[id, mine] as const]),
    ]),
  }
}

/** Throws Unfit where somebody has fields of a version that there is not. */
const reconciled = (managed: Managed, { atom, apiVersion }: Scope): Managed =>
  new Map(
    [...managed].map(([id, owned]) => {
      if (owned.apiVersion !== apiVersion)
        throw new Unfit(`request to convert CR to an invalid group/version: ${owned.apiVersion}`)
      return [id, { ...owned, set: reconcile(owned.set, atom) }]
    }),
  )

/** Whoever had what is changed, added or gone has it no more. */
const afterwards = (managed: Managed, { modified, added, removed }: Comparison): Managed =>
  withSets(managed, ({ set }) => set.difference(modified.union(added)).difference(removed))

const conflictsOf = (managed: Managed, { modified, added }: Comparison): readonly Conflict[] =>
  [...managed.values()].flatMap(({ owner, set }) =>
    set
      .intersection(modified.union(added))
      .paths()
      .map(path => ({ owner, path })),
  )

/** Takes away what the manager applied last time and neither he nor anybody else has now. */
function pruned(merged: unknown, managed: Managed, last: Owned | undefined, atom: Atom): unknown {
  if (!last || last.set.isEmpty) return merged
  const named = (set: FieldSet): FieldSet => set.withNamedFields(atom)
  const fieldsOf = (object: unknown): FieldSet => named(setOf(object, atom))
  const all = fieldsOf(merged)
  const lastSet = named(last.set)
  const ofAnybody = [...managed.values()].reduce((sum, { set }) => sum.union(set), new FieldSet())
  const less = remove(merged, lastSet, atom)
  // With what somebody has, and what was below something that went although nobody had it.
  const owned = remove(merged, all.difference(fieldsOf(less).union(named(ofAnybody))), atom)
  return remove(merged, all.difference(fieldsOf(owned)).intersection(lastSet), atom)
}
