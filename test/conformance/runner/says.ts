/** What has to be said: a text, in which `...` stands for anything and space is space, or a pattern. */
export type Wanted = string | RegExp

/** Whether it is said. */
export function says(text: string, wanted: Wanted): boolean {
  if (typeof wanted !== 'string') return wanted.test(text)
  let rest = plain(text)
  return wanted.split('...').every(part => {
    const at = rest.indexOf(plain(part))
    if (at < 0) return false
    rest = rest.slice(at + plain(part).length)
    return true
  })
}

/** kubectl breaks lines and makes lists of what the API server says in one line. */
const plain = (text: string): string =>
  text.replaceAll(/\n\* /g, '\n').replaceAll(/\s+/g, ' ').trim()
