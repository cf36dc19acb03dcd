/** What optional syntax is written as for a parser that does not know it; AST and functions take it from there. */
export const SELECT = 'optional_select__'
export const INDEX = 'optional_index__'
export const ELEMENT = 'optional_element__'

/** Text of every kind, comments, blanks, names and numbers; whatever else there is stands alone. */
const TOKENS =
  /(?<blank>\s+|\/\/[^\n]*)|(?<operand>[bB]?[rR][bB]?(?:"""[^]*?"""|'''[^]*?'''|"[^"\n]*"|'[^'\n]*')|[bB]?(?:"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|0[xX][\da-fA-F]+[uU]?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[uU]?|[A-Za-z_]\w*)|(?<other>[^])/g

const OPTIONAL_SELECT = /^\s*\?\s*([A-Za-z_]\w*)/

interface Frame {
  /** What its closing bracket becomes. */
  readonly close: string
  /** A list or map that is written down, whose elements may be optional. */
  readonly literal: boolean
  /** An optional element is being written. */
  wrapping: boolean
}

/** An expression as the parser knows it, and where things stood in the original. */
export interface Desugared {
  readonly text: string
  /** The offset in the original, of the token that stands at an offset of the text or in front of it. */
  readonly originOf: (offset: number) => number
}

/**
 * Rewrites `a.?b`, `a[?b]`, `[?a]` and `{?k: v}` into calls. Whatever is no CEL comes out as something that the parser
 * refuses, too.
 */
export const desugar = (source: string): string => desugared(source).text

/** The same, with a way back for those who tell where something is wrong. */
export function desugared(source: string): Desugared {
  let out = ''
  const marks: { readonly to: number; readonly from: number }[] = []
  let afterOperand = false
  let startsElement = false
  const frames: Frame[] = []
  const tokens = [...source.matchAll(TOKENS)]
  const next = (index: number): string | undefined =>
    tokens.slice(index + 1).find(({ groups }) => groups!['blank'] === undefined)?.[0]
  const unwrap = (frame: Frame | undefined): void => {
    if (frame?.wrapping) out += ')'
    if (frame) frame.wrapping = false
  }
  for (let index = 0; index < tokens.length; index++) {
    const { 0: token, groups, index: at } = tokens[index]!
    marks.push({ to: out.length, from: at })
    if (groups!['blank'] !== undefined) {
      out += token
      continue
    }
    if (groups!['operand'] !== undefined) {
      out += token
      afterOperand = token !== 'in'
      startsElement = false
      continue
    }
    const wasOperand = afterOperand
    const startedElement = startsElement
    const frame = frames.at(-1)
    afterOperand = token === ')' || token === ']' || token === '}'
    startsElement = false
    const selected = token === '.' && OPTIONAL_SELECT.exec(source.slice(at + 1))
    if (selected) {
      out += `.${SELECT}("${selected[1]!}")`
      while (tokens[index]![0] !== selected[1]) index++
      afterOperand = true
    } else if (token === '[' && wasOperand) {
      const isOptional = next(index) === '?'
      frames.push({ close: isOptional ? ')' : ']', literal: false, wrapping: false })
      out += isOptional ? `.${INDEX}(` : token
      if (isOptional) while (tokens[index]![0] !== '?') index++
    } else if (token === '[' || token === '{') {
      frames.push({ close: token === '[' ? ']' : '}', literal: true, wrapping: false })
      out += token
      startsElement = true
    } else if (token === '(') {
      frames.push({ close: ')', literal: false, wrapping: false })
      out += token
    } else if (token === '?' && startedElement) {
      frame!.wrapping = true
      out += `${ELEMENT}(`
    } else if (token === ',' || (token === ':' && frame?.close === '}')) {
      unwrap(frame)
      out += token
      startsElement = token === ',' && frame?.literal === true
    } else if (afterOperand) {
      unwrap(frame)
      out += frames.pop()?.close ?? token
    } else out += token
  }
  return {
    text: out,
    originOf: offset => marks.findLast(({ to }) => to <= offset)?.from ?? 0,
  }
}
