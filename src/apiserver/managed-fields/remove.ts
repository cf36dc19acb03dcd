import { isFields } from '#src/lib/schema/structural.ts'
import type { FieldSet } from './field-set.ts'
import { elementOf } from './list-item.ts'
import { fieldElement } from './path-element.ts'
import { fieldType, itemsOf, shapeOf, type Atom } from './type.ts'

/** A value without some of its fields. What nothing is left of becomes null. */
export function remove(value: unknown, gone: FieldSet, atom: Atom): unknown {
  const shape = shapeOf(atom, value)
  if (shape.is === 'scalar') return value
  if (shape.type.atomic) return null
  if (shape.is === 'list') {
    const items = itemsOf(value).flatMap(item => {
      const element = elementOf(shape.type, item)
      if (gone.has(element)) return []
      const below = gone.below(element)
      return [below ? remove(item, below, shape.type.element) : item]
    })
    return items.length > 0 ? items : null
  }
  if (!isFields(value)) return null
  const fields = Object.entries(value).flatMap(([name, field]) => {
    const element = fieldElement(name)
    if (gone.has(element)) return []
    const below = gone.below(element)
    return [[name, below ? remove(field, below, fieldType(shape.type, name)) : field] as const]
  })
  return fields.length > 0 ? Object.fromEntries(fields) : null
}
