import { commandOf, type Call, type Said } from './kubectl.ts'

/** A step that did not go as it should: what was done, what was expected, and what was seen. */
export class Failure extends Error {
  readonly command: string
  readonly expected: string
  readonly seen: string

  constructor(command: string, expected: string, seen: string) {
    super(`${expected}, but: ${seen}`)
    this.command = command
    this.expected = expected
    this.seen = seen
  }

  /** Of a call that said something else. */
  static of(call: Call, expected: string, said: Said): Failure {
    return new Failure(commandOf(call), expected, seenOf(said))
  }
}

const MOST_SEEN = 3000

const seenOf = ({ code, stdout, stderr }: Said): string => {
  const text = [`exit code ${code}`, stderr.trim(), stdout.trim()].filter(Boolean).join('\n')
  return text.length > MOST_SEEN ? `${text.slice(0, MOST_SEEN)}...` : text
}
