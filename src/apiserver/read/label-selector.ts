import { quoted } from '#src/lib/schema/go-text.ts'
import { keyFaults, valueFaults } from '#src/lib/schema/metadata-names.ts'
import type { LabelRequirement } from '../selectors.ts'
import { badRequest, type StatusError } from '../status-error.ts'

type Token =
  | { readonly type: 'word' | 'symbol'; readonly text: string }
  | { readonly type: 'end'; readonly text: '' }

/** Longest first. */
const SYMBOL = /^(?:==|!=|[=!(),<>])/
const WORD = /^[^=!(),<>\s]+/
const OPERATORS = 'in, notin, =, ==, !=, gt, lt'
const END: Token = { type: 'end', text: '' }

/**
 * The requirements of a label selector, all of which must hold; the grammar is that of kube-apiserver, without `<` and
 * `>`. Throws StatusError 400.
 */
export const parseLabelSelector = (text: string): readonly LabelRequirement[] =>
  new Parser(text).parse().toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))

/** What is wrong within a requirement. */
const unparsable = (why: string): StatusError => badRequest(`unable to parse requirement: ${why}`)

function* tokensOf(text: string): Generator<Token> {
  let rest = text.trimStart()
  while (rest !== '') {
    const symbol = SYMBOL.exec(rest)?.[0]
    const found = symbol ?? WORD.exec(rest)![0]
    yield { type: symbol === undefined ? 'word' : 'symbol', text: found }
    rest = rest.slice(found.length).trimStart()
  }
}

class Parser {
  readonly #tokens: Token[]
  #position = 0

  constructor(text: string) {
    this.#tokens = [...tokensOf(text)]
  }

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = []
    if (this.#peek() === END) return requirements
    if (!this.#startsRequirement())
      throw badRequest(`found '${this.#peek().text}', expected: !, identifier, or 'end of string'`)
    for (;;) {
      requirements.push(this.#requirement())
      const { type, text } = this.#next()
      if (type === 'end') return requirements
      if (text !== ',') throw badRequest(`found '${text}', expected: ',' or 'end of string'`)
      if (!this.#startsRequirement())
        throw badRequest(`found '${this.#peek().text}', expected: identifier after ','`)
    }
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? END
  }

  #next(): Token {
    const token = this.#peek()
    this.#position++
    return token
  }

  #startsRequirement(): boolean {
    const { type, text } = this.#peek()
    return type === 'word' || text === '!'
  }

  #ends(): boolean {
    const { type, text } = this.#peek()
    return type === 'end' || text === ','
  }

  #requirement(): LabelRequirement {
    const absent = this.#peek().text === '!'
    if (absent) this.#next()
    const { type, text: key } = this.#next()
    if (type !== 'word') throw unparsable(`found '${key}', expected: identifier`)
    refuse('<nil>', key, keyFaults(key))
    if (absent || this.#ends()) return { key, operator: absent ? '!' : 'exists', values: [] }
    return this.#comparison(key)
  }

  #comparison(key: string): LabelRequirement {
    const { text } = this.#next()
    const values = this.#valuesAfter(text)
    const sorted = [...new Set(values)].toSorted()
    for (const [i, value] of sorted.entries())
      refuse(`values[${i}][${key}]`, value, valueFaults(value))
    return {
      key,
      operator: text === 'notin' || text === '!=' ? 'notin' : 'in',
      values: sorted,
    }
  }

  #valuesAfter(operator: string): string[] {
    if (operator === 'in' || operator === 'notin') return this.#list()
    if (operator === '=' || operator === '==' || operator === '!=') return [this.#value()]
    throw operator === '<' || operator === '>'
      ? unparsable(`'${operator}' is not supported here`)
      : unparsable(`found '${operator}', expected: ${OPERATORS}`)
  }

  #value(): string {
    if (this.#ends()) return ''
    const { type, text } = this.#next()
    if (type !== 'word') throw unparsable(`found '${text}', expected: identifier`)
    return text
  }

  /** `(a,b)`; between two commas, and where there is nothing at all, stands the empty value. */
  #list(): string[] {
    const open = this.#next()
    if (open.text !== '(') throw unparsable(`found '${open.text}' expected: '('`)
    const values: string[] = []
    for (;;) {
      const word = this.#peek().type === 'word' ? this.#next().text : ''
      values.push(word)
      const { text } = this.#next()
      if (text === ')') return values
      if (text !== ',') throw unparsable(`found '${text}', expected: ',' or ')'`)
    }
  }
}

function refuse(field: string, value: string, faults: readonly string[]): void {
  if (faults.length > 0)
    throw unparsable(`${field}: Invalid value: ${quoted(value)}: ${faults.join('; ')}`)
}
