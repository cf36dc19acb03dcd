/** `[start:end:step]`; `next` ends right after start, as in `[3]`. */
export interface Slice {
  readonly start: number | undefined
  readonly end: number | 'next' | undefined
  readonly step: number | undefined
}

/** One step of a path. */
export type Step =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'wildcard' }
  | ({ readonly type: 'slice' } & Slice)
  | { readonly type: 'union'; readonly paths: readonly (readonly Step[])[] }
  | { readonly type: 'literal'; readonly value: string | number | boolean }
  | {
      readonly type: 'filter'
      readonly left: readonly Step[]
      /** `exists` where nothing is compared. */
      readonly operator: string
      readonly right: readonly Step[]
    }

/** What stands at the beginning of the rest of a path. */
const FIELD = /^\.((?:\\[^]|[^\\\s.,[\]$@{}])*)/
const BRACKETS = /^\[([^\]\n]*)\]/
const QUOTED = /^(["'])((?:\\.|(?!\1)[^\\\n])*)\1/
const NUMBER = /^[+-]?[\d.]+/
const TRUTH = /^(?:true|false)(?![^\s.,[\]$@{}])/
const NOTHING = /^[ @$]/
const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/
const COMPARISON = /^([^!<>=]+)([!<>=]+)(.+?)$/

/**
 * Reads a path in kubectl's dialect of JSONPath. Throws where kubectl would, and at what has no place in a definition:
 * `range`, `end` and `..`, whose order of results kube-apiserver leaves to chance.
 */
export function parseJsonPath(source: string): readonly Step[] {
  const steps: Step[] = []
  let rest = source
  const found = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest)
    if (match) rest = rest.slice(match[0].length)
    return match
  }
  while (rest !== '') {
    if (rest.startsWith('..')) throw unreadable(source, '".." is not taken')
    if (found(NOTHING)) continue
    if (rest.startsWith('[?(')) {
      const end = endOfFilter(rest)
      if (end < 0) throw unreadable(source, 'the filter does not end')
      steps.push(filter(rest.slice(3, end)))
      rest = rest.slice(end + 2)
      continue
    }
    const match = found(FIELD)
    if (match) {
      const name = match[1]!
      steps.push(name === '*' ? { type: 'wildcard' } : field(name))
      continue
    }
    const brackets = found(BRACKETS)
    if (brackets) {
      steps.push(...inBrackets(brackets[1]!, source))
      continue
    }
    const [next] = rest
    const value = literal(found)
    if (value === undefined) throw unreadable(source, `"${next}" is not expected`)
    steps.push({ type: 'literal', value })
  }
  return steps
}

const field = (name: string): Step => ({ type: 'field', name: name.replaceAll('\\', '') })

function literal(
  found: (pattern: RegExp) => RegExpExecArray | null,
): string | number | boolean | undefined {
  const quoted = found(QUOTED)
  if (quoted) return quoted[2]!.replaceAll(/\\(.)/g, '$1')
  const number = found(NUMBER)
  if (number) return Number.isNaN(Number(number[0])) ? undefined : Number(number[0])
  const truth = found(TRUTH)
  return truth ? truth[0] === 'true' : undefined
}

function inBrackets(text: string, source: string): readonly Step[] {
  if (text === '*') return [{ type: 'slice', start: undefined, end: undefined, step: undefined }]
  const parts = text.split(',')
  if (parts.length > 1) {
    return [{ type: 'union', paths: parts.map(part => parseJsonPath(`[${part.trim()}]`)) }]
  }
  // Read as if it were written with dots: what is quoted may hold `\.` but no bare dot.
  const key = /^'([^']*)'$/.exec(text)
  if (key) return parseJsonPath(`.${key[1]!}`)
  const match = SLICE.exec(text)
  if (!match) throw unreadable(source, `"[${text}]" is no index`)
  const [start, end, step] = match
    .slice(1)
    .map(part => (part === undefined || part === '' || part === ':' ? undefined : numberIn(part)))
  return [{ type: 'slice', start: start ?? 0, end: match[2] === undefined ? 'next' : end, step }]
}

const numberIn = (part: string): number => Number(part.replace(':', ''))

function filter(text: string): Step {
  const parts = COMPARISON.exec(text)
  return parts
    ? {
        type: 'filter',
        left: parseJsonPath(parts[1]!),
        operator: parts[2]!,
        right: parseJsonPath(parts[3]!),
      }
    : { type: 'filter', left: parseJsonPath(text), operator: 'exists', right: [] }
}

/** Where the `)]` of a filter is; brackets in quotes do not count. -1 where there is none. */
function endOfFilter(text: string): number {
  const match = /^\[\?\((?:[^"')]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*\)\]/.exec(text)
  return match ? match[0].length - 2 : -1
}

const unreadable = (source: string, why: string): Error =>
  new Error(`JSONPath ${JSON.stringify(source)}: ${why}`)
