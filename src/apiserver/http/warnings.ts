/** Characters of all warnings together; beyond that each is cut. */
const MOST = 4 * 1024
const MOST_EACH = 256

/** Gathers what a client should be warned of, each once, for the header `Warning`. */
export class Warnings {
  readonly #texts = new Set<string>()

  add(text: string): void {
    if (text !== '') this.#texts.add(text)
  }

  /** The values of the header, in the order they came. */
  get headers(): string[] {
    const texts = [...this.#texts].map(text => Array.from(text.toWellFormed()))
    const isLong = texts.reduce((sum, { length }) => sum + length, 0) > MOST
    const headers: string[] = []
    let left = MOST
    for (const characters of texts) {
      if (left <= 0) break
      const kept = isLong ? characters.slice(0, MOST_EACH) : characters
      left -= kept.length
      headers.push(`299 - "${printable(kept.join(''))}"`)
    }
    return headers
  }
}

/** As a quoted string. Headers go out as bytes, so what is beyond ASCII is put into UTF-8 first. */
const printable = (text: string): string =>
  Buffer.from(
    text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(/["\\]/g, String.raw`\$&`),
    'utf8',
  ).toString('latin1')
