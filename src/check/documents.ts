import { LineCounter, parseAllDocuments, type Document } from 'yaml'

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
  const parsed = parseAllDocuments(text, { lineCounter }) as readonly Document.Parsed[]
  return parsed.flatMap((document): readonly Manifested[] => {
    // Comments before the first field are no part of the manifest.
    const { line } = lineCounter.linePos(document.contents!.range[0])
    const [error] = document.errors
    if (error) {
      const at = lineCounter.linePos(error.pos[0])
      return [{ file, line: at.line, value: undefined, problem: textOf(error) }]
    }
    const value = valueOf(() => document.toJS({ maxAliasCount: 100 }) as unknown)
    if (value instanceof Error) return [{ file, line, value: undefined, problem: value.message }]
    if (value === null || value === undefined) return []
    return itemsOf(value).map(item => ({ file, line, value: item }))
  })
}

/** The first line: what follows is a drawing of the place. */
const textOf = ({ message }: Error): string => message.split('\n')[0]!.replace(/:$/, '')

/** Aliases are resolved only here, and too many of them are refused. */
function valueOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}

function itemsOf(value: {}): readonly unknown[] {
  const { kind, items } = value as { kind?: unknown; items?: unknown }
  return kind === 'List' && Array.isArray(items) ? items : [value]
}
