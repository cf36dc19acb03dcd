import { tooLarge } from '../status-error.ts'
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node } from 'yaml'
import { duplicateKeys } from './duplicate-keys.ts'

export interface YamlText {
  readonly value: unknown
  /** What is there more than once, one line of text each, e.g. `line 3: key "name" already set in map`. */
  readonly duplicates: readonly string[]
}

/**
 * Characters of YAML at most. Reading it takes a hundred times as long as reading JSON, and nobody else is served
 * meanwhile; what is larger can be sent as JSON, which is YAML as well.
 */
const MOST_CHARACTERS = 128 * 1024

/** They are words of YAML 1.1 that kube-apiserver's parser does not turn into anything. */
const NOT_READ = /timestamp|binary|omap|pairs|set$/

/**
 * Reads the first document as kube-apiserver does: YAML 1.1, where `yes` is true, and of equal keys the last one counts.
 * Throws what `refusal` makes of what is wrong, and StatusError 413 for what is too large.
 */
export function readYaml(text: string, refusal: (why: string) => Error): YamlText {
  const json = readAsJson(text)
  if (json) return json
  if (text.length > MOST_CHARACTERS)
    throw tooLarge(`YAML is limited to ${MOST_CHARACTERS} characters; send it as JSON`)
  const lineCounter = new LineCounter()
  const [document] = parseAllDocuments(text, {
    version: '1.1',
    uniqueKeys: false,
    lineCounter,
    customTags: tags =>
      tags.filter(
        tag => typeof tag === 'string' || !(NOT_READ.test(tag.tag) || isOfBaseSixty(tag)),
      ),
  })
  if (!document) return { value: null, duplicates: [] }
  const [problem] = document.errors
  if (problem) {
    const [{ line }] = problem.linePos!
    throw refusal(`yaml: line ${line}: ${problem.message.split(' at line')[0]!}`)
  }
  const duplicates: string[] = []
  collect(document.contents, lineCounter, duplicates)
  try {
    return { value: document.toJS() as unknown, duplicates }
  } catch (error) {
    throw refusal(`yaml: ${(error as Error).message}`)
  }
}

/** Most of what comes as YAML is JSON: clients apply that. */
function readAsJson(text: string): YamlText | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return duplicateKeys(text).length === 0 ? { value, duplicates: [] } : undefined
  } catch {
    return undefined
  }
}

const isOfBaseSixty = (tag: { readonly format?: string }): boolean => tag.format === 'TIME'

function collect(node: Node | null | undefined, lines: LineCounter, duplicates: string[]): void {
  if (isSeq(node)) for (const item of node.items) collect(item as Node, lines, duplicates)
  if (!isMap(node)) return
  const seen = new Set<unknown>()
  for (const { key, value } of node.items) {
    if (isScalar(key)) {
      if (seen.has(key.value)) {
        const { line } = lines.linePos(((value ?? key) as Node).range![0])
        duplicates.push(`line ${line}: key ${JSON.stringify(key.value)} already set in map`)
      }
      seen.add(key.value)
    }
    collect(value as Node, lines, duplicates)
  }
}
