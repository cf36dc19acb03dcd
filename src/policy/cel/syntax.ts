import { positionOf, type Fault } from './fault.ts'

/** Texts, comments and brackets; nothing else matters to what is left open. */
const TOKENS =
  /\/\/[^\n]*|[bB]?[rR][bB]?(?:"""[^]*?"""|'''[^]*?'''|"[^"\n]*"|'[^'\n]*')|"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_]\w*|[^]/g

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** A bracket or a text that is opened and not closed, or the other way round; undefined where all fit. */
export function syntaxFault(source: string): Fault | undefined {
  if (source.trim() === '') return fault(source, 0, 'the expression is empty', 'write one')
  const open: { readonly sign: string; readonly at: number }[] = []
  for (const { 0: token, index } of source.matchAll(TOKENS)) {
    if (token === '"' || token === "'")
      return fault(
        source,
        index,
        `the text that begins here does not end on its line`,
        `close it with ${token}`,
      )
    if (CLOSING[token]) open.push({ sign: token, at: index })
    else if (token === ')' || token === ']' || token === '}') {
      const last = open.pop()
      if (!last)
        return fault(source, index, `nothing is opened that "${token}" would close`, 'take it away')
      if (CLOSING[last.sign] !== token)
        return fault(
          source,
          index,
          `"${token}" closes no "${last.sign}"`,
          `write "${CLOSING[last.sign]}"`,
        )
    }
  }
  const last = open.at(-1)
  return (
    last &&
    fault(source, last.at, `"${last.sign}" is not closed`, `close it with "${CLOSING[last.sign]}"`)
  )
}

const fault = (source: string, at: number, problem: string, fix: string): Fault => ({
  ...positionOf(source, at),
  kind: 'syntax',
  problem,
  fix,
})
