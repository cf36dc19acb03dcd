/** What a document that Kyverno fills in holds: text, `\((` for two parentheses, and expressions as `(( ... ))`. */
export function placeholders(document: string): readonly string[] {
  const found: string[] = []
  for (let at = document.indexOf('(('); at >= 0; at = document.indexOf('((', at)) {
    if (document[at - 1] === '\\') {
      at += 2
      continue
    }
    const end = endOf(document, at + 2)
    found.push(document.slice(at + 2, end))
    at = end + 2
  }
  return found
}

/** Where the two closing parentheses are; the end of the document where there are none, so that it does not compile. */
function endOf(document: string, from: number): number {
  let depth = 0
  let quote = ''
  for (let at = from; at < document.length; at++) {
    const sign = document[at]!
    if (quote) {
      if (sign === '\\') at++
      else if (sign === quote) quote = ''
    } else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '(') depth++
    else if (sign === ')') {
      if (depth === 0) return at
      depth--
    }
  }
  return document.length
}
