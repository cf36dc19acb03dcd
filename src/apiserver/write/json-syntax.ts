/** What Go's encoding/json says of text that is not JSON. */

const QUOTES: Readonly<Record<string, string>> = { "'": String.raw`'\''`, '"': `'"'` }

const shown = (character: string): string =>
  QUOTES[character] ?? `'${JSON.stringify(character).slice(1, -1)}'`

class Unexpected extends Error {}

/**
 * The first thing that is wrong with `text`; undefined where it is JSON.
 * It is asked only where JSON.parse has failed, so it takes its time.
 */
export function syntaxError(text: string): string | undefined {
  try {
    new Scanner(text).document()
    return undefined
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error
    return error.message
  }
}

class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): void {
    this.#value()
    this.#space()
    if (this.#at < this.#text.length) this.#unexpected('after top-level value')
  }

  #unexpected(where: string): never {
    const character = this.#text[this.#at]
    throw new Unexpected(
      character === undefined
        ? 'unexpected end of JSON input'
        : `invalid character ${shown(character)} ${where}`,
    )
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at += 1
  }

  #next(): string | undefined {
    this.#space()
    return this.#text[this.#at]
  }

  #value(): void {
    const first = this.#next()
    if (first === '{') this.#object()
    else if (first === '[') this.#array()
    else if (first === '"') this.#string()
    else if (first !== undefined && '-0123456789'.includes(first)) this.#number()
    else this.#literal(first)
  }

  #literal(first: string | undefined): void {
    const word = ['true', 'false', 'null'].find(candidate => candidate[0] === first)
    if (!word) this.#unexpected('looking for beginning of value')
    for (const character of word) {
      if (this.#text[this.#at] !== character)
        this.#unexpected(`in literal ${word} (expecting ${shown(character)})`)
      this.#at += 1
    }
  }

  #object(): void {
    this.#at += 1
    if (this.#next() === '}') return void (this.#at += 1)
    for (;;) {
      if (this.#next() !== '"') this.#unexpected('looking for beginning of object key string')
      this.#string()
      if (this.#next() !== ':') this.#unexpected('after object key')
      this.#at += 1
      this.#value()
      if (this.#next() === '}') return void (this.#at += 1)
      if (this.#next() !== ',') this.#unexpected('after object key:value pair')
      this.#at += 1
    }
  }

  #array(): void {
    this.#at += 1
    if (this.#next() === ']') return void (this.#at += 1)
    for (;;) {
      this.#value()
      if (this.#next() === ']') return void (this.#at += 1)
      if (this.#next() !== ',') this.#unexpected('after array element')
      this.#at += 1
    }
  }

  #string(): void {
    for (this.#at += 1; this.#text[this.#at] !== '"'; this.#at += 1) {
      const character = this.#text[this.#at]
      if (character === undefined || character < ' ') this.#unexpected('in string literal')
      if (character === '\\') this.#escape()
    }
    this.#at += 1
  }

  #escape(): void {
    this.#at += 1
    const character = this.#text[this.#at]
    if (character === undefined || !'"\\/bfnrtu'.includes(character))
      this.#unexpected('in string escape code')
    if (character !== 'u') return
    for (let digit = 0; digit < 4; digit += 1) {
      this.#at += 1
      if (!/[0-9a-f]/i.test(this.#text[this.#at] ?? ''))
        this.#unexpected(String.raw`in \u hexadecimal character escape`)
    }
  }

  #digits(where: string): void {
    const isDigit = (): boolean => '0123456789'.includes(this.#text[this.#at] ?? 'x')
    if (!isDigit()) this.#unexpected(where)
    while (isDigit()) this.#at += 1
  }

  #number(): void {
    if (this.#text[this.#at] === '-') this.#at += 1
    if (this.#text[this.#at] === '0') this.#at += 1
    else this.#digits('in numeric literal')
    if (this.#text[this.#at] === '.') {
      this.#at += 1
      this.#digits('after decimal point in numeric literal')
    }
    if (!/[eE]/.test(this.#text[this.#at] ?? '')) return
    this.#at += 1
    if (/[+-]/.test(this.#text[this.#at] ?? '')) this.#at += 1
    this.#digits('in exponent of numeric literal')
  }
}
