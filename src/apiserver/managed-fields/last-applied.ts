import type { UnknownObject } from '#src/api/object.ts'
import { goJson } from '#src/lib/schema/go-text.ts'
import { isFields, type Fields } from '#src/lib/schema/structural.ts'
import { compare } from './compare.ts'
import { conform, Unfit } from './conform.ts'
import type { FieldSet } from './field-set.ts'
import { setOf } from './set-of.ts'
import type { Atom } from './type.ts'

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration'

/** Annotations may have so many bytes together; kubectl's goes where there are more. */
const MOST_BYTES = 256 * 1024

/** Under this name alone `kubectl apply --server-side` takes over from `kubectl apply`. */
export const KUBECTL = 'kubectl'

/**
 * The fields that `kubectl apply` wrote and that still are as it wrote them: whoever applies them now as kubectl may
 * have them. undefined where there are none to speak of.
 */
export function fieldsLastApplied(
  live: UnknownObject,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  atom: Atom,
): FieldSet | undefined {
  const last = parsed(textOf(live))
  if (!last || last['apiVersion'] !== apiVersion || last['kind'] !== kind) return undefined
  try {
    for (const object of [live, last]) conform(object, atom, { duplicates: false })
  } catch (error) {
    if (error instanceof Unfit) return undefined
    throw error
  }
  const { modified, added, removed } = compare(last, live, atom)
  return setOf(last, atom).difference(modified).difference(added).difference(removed)
}

/** The object with what was applied in kubectl's annotation, if it has that at all. */
export function withLastApplied(object: UnknownObject, config: UnknownObject): UnknownObject {
  if (!textOf(object)) return object
  const annotations = { ...object.metadata.annotations, [ANNOTATION]: `${goJson(bare(config))}\n` }
  return { ...object, metadata: { ...object.metadata, annotations: fitting(annotations) } }
}

const textOf = ({ metadata }: UnknownObject): string => metadata?.annotations?.[ANNOTATION] ?? ''

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

function bare(config: UnknownObject): UnknownObject {
  const annotations = config.metadata?.annotations
  if (!annotations) return config
  const { [ANNOTATION]: _, ...others } = annotations
  return { ...config, metadata: { ...config.metadata, annotations: others } }
}

function fitting(annotations: Record<string, string>): Record<string, string> {
  const bytes = Object.entries(annotations).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
  if (bytes <= MOST_BYTES) return annotations
  const { [ANNOTATION]: _, ...others } = annotations
  return others
}
