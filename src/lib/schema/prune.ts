import { fieldSchema, isFields, type Structural } from './structural.ts'

/** They belong to every object and need no schema. */
export const META_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

/**
 * Takes away, in place, every field that the schema does not know.
 * @returns the paths of what went, sorted
 */
export function prune(object: unknown, root: Structural): readonly string[] {
  const gone: string[] = []
  // The items of a list that keeps what it does not know keep it too, whatever their own schema says.
  const walk = (value: unknown, node: Structural | undefined, path: string, kept = false): void => {
    const keeps = kept || node?.preserveUnknown
    if (Array.isArray(value)) {
      if (keeps && !node?.items) return
      for (const [index, item] of value.entries())
        walk(item, node?.items, `${path}[${index}]`, keeps)
    } else if (isFields(value)) {
      for (const name of Object.keys(value)) {
        if (node?.embedded && META_FIELDS.has(name)) continue
        const at = path ? `${path}.${name}` : name
        const field = node && fieldSchema(node, name)
        if (field) walk(value[name], field === true ? undefined : field, at)
        else if (!keeps) {
          gone.push(at)
          delete value[name]
        }
      }
    }
  }
  walk(object, { ...root, embedded: true }, '')
  return gone.toSorted()
}
