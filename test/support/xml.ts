/** One element, in the order in which they begin. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** What stands in it before its first child. */
  readonly text: string
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

const read = (text: string): string =>
  text.replaceAll(/&(#(\d+)|\w+);/g, (all, name: string, code?: string) => {
    const character = code === undefined ? entities[name] : String.fromCodePoint(Number(code))
    if (character === undefined) throw new Error(`${all} is no entity`)
    return character
  })

/** The elements of a document without comments, sections and types. Throws where it is not well-formed. */
export function elementsOf(document: string): readonly Element[] {
  const elements: Element[] = []
  const open: string[] = []
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  const token = /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>([^<]*)/gy
  for (let end = 0; end < body.length; end = token.lastIndex) {
    const found = token.exec(body)
    if (!found) throw new Error(`not well-formed: ${body.slice(end, end + 80)}`)
    const [, closes, name = '', attributes = '', isEmpty, text = ''] = found
    if (closes && open.pop() !== name) throw new Error(`</${name}> closes nothing`)
    if (!closes && !isEmpty) open.push(name)
    if (closes) continue
    const all = [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)]
    elements.push({
      name,
      attributes: Object.fromEntries(all.map(([, key, value]) => [key, read(value!)])),
      text: read(text),
    })
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)}> is not closed`)
  return elements
}
