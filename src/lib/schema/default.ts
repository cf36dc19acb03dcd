import { jsonClone } from '#src/lib/json-clone.ts'
import { fieldSchema, isFields, type Structural } from './structural.ts'

/** Fills in what the schema has a default for, in place. A null that may not be one counts as left out. */
export function fillIn(value: unknown, node: Structural): void {
  if (Array.isArray(value)) {
    const { items } = node
    if (!items) return
    for (const [index, item] of value.entries()) {
      if (isLeftOut(item, items)) value[index] = copyOfDefault(items)
      fillIn(value[index], items)
    }
  } else if (isFields(value)) {
    for (const [name, property] of node.properties ?? [])
      if (hasDefault(property) && (!Object.hasOwn(value, name) || isLeftOut(value[name], property)))
        value[name] = copyOfDefault(property)
    for (const name of Object.keys(value)) {
      const field = fieldSchema(node, name)
      if (!field || field === true) continue
      if (isLeftOut(value[name], field)) value[name] = copyOfDefault(field)
      fillIn(value[name], field)
    }
  }
}

/** Takes away every null that may not be one and has no default, in place. Those in lists stay, and are refused. */
export function dropNulls(value: unknown, node: Structural | true | undefined): void {
  if (Array.isArray(value)) {
    const items = node === true ? undefined : node?.items
    for (const item of value) dropNulls(item, items)
  } else if (isFields(value)) {
    for (const name of Object.keys(value)) {
      const field = node && node !== true ? fieldSchema(node, name) : undefined
      if (field && field !== true && isLeftOut(value[name], field) && !hasDefault(field))
        delete value[name]
      else dropNulls(value[name], field)
    }
  }
}

const isLeftOut = (value: unknown, node: Structural): boolean => value === null && !node.nullable

const hasDefault = (node: Structural): boolean => node.default !== undefined

const copyOfDefault = (node: Structural): unknown => jsonClone(node.default) ?? null
