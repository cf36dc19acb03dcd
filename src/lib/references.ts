import type { Kind } from '#src/api/kind.ts'
import { everyKind } from '#src/api/kinds.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import type { Cluster } from './cluster.ts'

/** A name in an object that stands for another object. */
export interface Named {
  /** Where it stands, such as `spec.skillRefs[0]`. */
  readonly path: string
  readonly kind: Kind
  readonly name: string
  readonly onMissing: 'condition' | 'deny'
}

const byName: ReadonlyMap<string, Kind> = new Map(everyKind.map(kind => [kind.kind, kind]))

/** The kinds that objects of a kind may name, each once. */
export const referencedKinds = (kind: Kind): readonly Kind[] => [
  ...new Set((kind.references ?? []).map(reference => kindNamed(reference.kind))),
]

/**
 * Every name that an object holds of another one, in the order of its kind's references. A
 * name is a text, or the `name` of a map; what is anything else names nothing, and is for the
 * schema to refuse.
 */
export const referencesOf = (kind: Kind, object: unknown): readonly Named[] =>
  (kind.references ?? []).flatMap(({ path, kind: target, onMissing }) =>
    valuesAt(object, path.split('.'), '').flatMap(({ value, path: at }) => {
      const found = nameIn(value, at)
      return found ? [{ ...found, kind: kindNamed(target), onMissing }] : []
    }),
  )

/**
 * Whether an object of a kind names another one, of the kind with that plural. What an object names is worked out once: a
 * store may hold thousands that name thousands.
 */
export function names(kind: Kind, object: object, plural: string, name: string): boolean {
  let known = namesOf.get(object)
  if (!known) {
    known = new Set(referencesOf(kind, object).map(found => `${found.kind.plural}/${found.name}`))
    namesOf.set(object, known)
  }
  return known.has(`${plural}/${name}`)
}

/** Objects of stores are never changed, only replaced. */
const namesOf = new WeakMap<object, ReadonlySet<string>>()

/**
 * The namespaces in which a name is looked for, in this order. A name is one of the object's
 * own namespace; a PolicyTemplate alone may be one that the platform ships instead.
 */
export const homesOf = (kind: Kind, namespace: string): readonly string[] =>
  kind.kind === PolicyTemplate.kind ? [namespace, PLATFORM_NAMESPACE] : [namespace]

/** The object that a name in an object of `namespace` stands for, if it is there. */
export function named<T extends KubernetesObject>(
  kind: Kind<T>,
  name: string,
  namespace: string,
  cluster: Cluster,
): T | undefined {
  for (const home of homesOf(kind, namespace)) {
    const found = cluster.get(kind, name, home)
    if (found) return found
  }
  return undefined
}

function kindNamed(name: string): Kind {
  const kind = byName.get(name)
  if (!kind) throw new TypeError(`"${name}" is referenced and is no kind`)
  return kind
}

interface At {
  readonly value: unknown
  readonly path: string
}

/** What stands at a path, `[]` being every item of a list; nothing where the value has another shape. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[], path: string): readonly At[] {
  if (step === undefined) return [{ value, path }]
  const field = step.replace('[]', '')
  const inner = fieldOf(value, field)
  const at = path ? `${path}.${field}` : field
  if (!step.endsWith('[]')) return valuesAt(inner, rest, at)
  if (!Array.isArray(inner)) return []
  return inner.flatMap((item, index) => valuesAt(item, rest, `${at}[${index}]`))
}

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? (value as Record<string, unknown>)[field]
    : undefined

function nameIn(value: unknown, path: string): { path: string; name: string } | undefined {
  const plain = typeof value === 'string'
  const name = plain ? value : fieldOf(value, 'name')
  return typeof name === 'string' && name !== ''
    ? { path: plain ? path : `${path}.name`, name }
    : undefined
}
