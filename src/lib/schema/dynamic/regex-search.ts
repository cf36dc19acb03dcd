import { RE2JS } from '@bufbuild/re2'

/** What the library's programs are made of, by the numbers of Go's regexp/syntax. */
const ALT = 1
const ALT_MATCH = 2
const CAPTURE = 3
const EMPTY_WIDTH = 4
const MATCH = 6
const NOP = 7
const FIRST_RUNE = 8

type Program = ReturnType<RE2JS['re2']>['prog']

/** A way through the program, and where it began. */
interface Thread {
  readonly at: number
  readonly start: number
}

const isWord = (rune: number): boolean => rune >= 0 && /^\w$/.test(String.fromCodePoint(rune))

/** Which assertions hold between two runes, -1 being the end of the text. */
function assertions(before: number, after: number): number {
  const newline = 10
  return (
    (before < 0 || before === newline ? 1 : 0) |
    (after < 0 || after === newline ? 2 : 0) |
    (before < 0 ? 4 : 0) |
    (after < 0 ? 8 : 0) |
    (isWord(before) === isWord(after) ? 32 : 16)
  )
}

/**
 * Where the pattern is found first, from a position on, as indices into the runes: the leftmost, and of those the one
 * that the pattern prefers. The library says only whether there is any; this follows its program with all ways through
 * it at once, so that its time is linear in the text, too.
 */
function search(
  { inst: program, start }: Program,
  runes: readonly number[],
  from: number,
): readonly [start: number, end: number] | undefined {
  let found: readonly [number, number] | undefined
  let threads: Thread[] = []
  for (let position = from; position <= runes.length; position++) {
    const rune = runes[position] ?? -1
    const holds = assertions(runes[position - 1] ?? -1, rune)
    const seen = new Set<number>()
    const here: Thread[] = []
    const follow = (at: number, began: number): void => {
      if (seen.has(at)) return
      seen.add(at)
      const { op, out, arg } = program[at]!
      if (op === ALT || op === ALT_MATCH) {
        follow(out, began)
        follow(arg, began)
      } else if (op === CAPTURE || op === NOP) follow(out, began)
      else if (op === EMPTY_WIDTH) {
        if ((arg & ~holds) === 0) follow(out, began)
      } else here.push({ at, start: began })
    }
    for (const { at, start: began } of threads) follow(at, began)
    // Whatever begins later is less preferred, and none is wanted once there is a match.
    if (!found) follow(start, position)
    threads = []
    for (const { at, start: began } of here) {
      const { op, out } = program[at]!
      if (op === MATCH) {
        found = [began, position]
        break
      }
      if (rune >= 0 && op >= FIRST_RUNE && program[at]!.matchRune(rune))
        threads.push({ at: out, start: began })
    }
    if (found && threads.length === 0) break
  }
  return found
}

/** Everything that is found, one after the other, up to so many. Throws where RE2 does not take the pattern. */
export function findAll(text: string, pattern: string, most: number): string[] {
  const { prog } = RE2JS.compile(pattern).re2()
  // Code points, as Go counts them.
  const characters = Array.from(text)
  const runes = characters.map(character => character.codePointAt(0)!)
  const found: string[] = []
  let position = 0
  let end = -1
  while (found.length < most && position <= runes.length) {
    const match = search(prog, runes, position)
    if (!match) break
    const isEmpty = match[0] === match[1]
    // As in Go: nothing right after a match is no match of its own.
    if (!isEmpty || match[0] !== end) found.push(characters.slice(...match).join(''))
    end = match[1]
    position = isEmpty ? match[1] + 1 : match[1]
  }
  return found
}
