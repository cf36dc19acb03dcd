/** Words of CEL that cannot name a field there. */
const RESERVED: ReadonlySet<string> = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
])

const WORDS: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
}

/** The name a field has in rules, e.g. `__namespace__`; `undefined` where rules cannot speak of it. */
export function celName(field: string): string | undefined {
  if (RESERVED.has(field)) return `__${field}__`
  const name = field.replaceAll(/__|[./-]/g, word => WORDS[word]!)
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !/^\d/.test(field) ? name : undefined
}
