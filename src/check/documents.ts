import { LineCounter } from 'yaml'
import { readYaml } from './yaml.ts'

/** One manifest of a file. */
export interface Manifested {
  readonly file: string
  /** Where it begins, counted from 1. */
  readonly line: number
  readonly value: unknown
  /** Why there is no value: what the parser said. */
  readonly problem?: string
}

/** The manifests in a text of YAML or JSON, those of a List one by one; empty documents are none. */
export function documentsIn(file: string, text: string): readonly Manifested[] {
  const lineCounter = new LineCounter()
  const unreadable = (line: number, problem: string): readonly Manifested[] => [
    { file, line, value: undefined, problem },
  ]
  return readYaml(text, lineCounter).flatMap((document): readonly Manifested[] => {
    const [error] = document.errors
    if (error) return unreadable(lineCounter.linePos(error.pos[0]).line, textOf(error))
    // Comments before the first field are no part of the manifest.
    const { line } = lineCounter.linePos(document.contents!.range[0])
    // Aliases are resolved only here, and too many of them are refused.
    const value = tried(() => jsonOf(document.toJS({ maxAliasCount: 100 })))
    if (value instanceof Error) return unreadable(line, textOf(value))
    if (value === null) return []
    return itemsOf(value).map(item => ({ file, line, value: item }))
  })
}

/** The first line: what follows is a drawing of the place. The parser, too, notices only by its stack what is too deep. */
const textOf = ({ message }: Error): string =>
  /call stack/.test(message) ? TOO_DEEP : message.split('\n')[0]!.replace(/:$/, '')

function tried<T>(read: () => T): T | Error {
  try {
    return read()
  } catch (error) {
    return error as Error
  }
}

/** No definition of ours is nested even a tenth as deep, and whoever walks through a value needs some stack for each level. */
const MOST_LEVELS = 500
const TOO_DEEP = 'is nested too deeply, or contains itself; use fewer levels'

/** A copy as JSON would hold it, in which nothing is shared. Throws for what JSON cannot hold. */
function jsonOf(value: unknown, level = 0): unknown {
  if (level > MOST_LEVELS) throw new RangeError(TOO_DEEP)
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`${value} is not a number that JSON can hold; write a finite one or quote it`)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => jsonOf(item, level + 1))
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, jsonOf(inner, level + 1)]),
  )
}

/** What a List holds, and the Lists in it. */
function itemsOf(value: unknown): readonly unknown[] {
  const { kind, items } = (value ?? {}) as { kind?: unknown; items?: unknown }
  return kind === 'List' && Array.isArray(items) ? items.flatMap(itemsOf) : [value]
}
