import { child, keyed } from './path.ts'
import type { Structural } from './structural.ts'

const STEP = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/y

/**
 * The fieldPath of a rule, e.g. `.secretRef.namespace` or `.labels['a.b']`, as causes have it. Throws where it leads
 * to no field.
 */
export function fieldPathOf(source: string, root: Structural): string {
  let path = ''
  let node: Structural | undefined = root
  STEP.lastIndex = 0
  while (STEP.lastIndex < source.length) {
    const at = STEP.lastIndex
    const step = STEP.exec(source)
    if (!step) throw new Error(`fieldPath ${source}: expected .name or ['name'] at ${at}`)
    const name = step[1] ?? step[2]!.replaceAll(/\\(.)/g, '$1')
    const property: Structural | undefined = node?.properties?.get(name)
    const value: Structural | true | undefined = node?.additional
    if (!property && (!value || value === true))
      throw new Error(`fieldPath ${source}: there is no field '${name}'`)
    path = property ? child(path, name) : keyed(path, name)
    node = property ?? (value as Structural)
  }
  return path
}
