import { parseAllDocuments, type Document, type LineCounter, type ScalarTag, type Tags } from 'yaml'

/**
 * The documents of a text as kubectl reads them: YAML 1.1, where `yes` is true and `0100` is 64, but with the numbers
 * of its parser (no `1:30`), and dates stay text.
 */
export const readYaml = (text: string, lineCounter: LineCounter): readonly Document.Parsed[] =>
  parseAllDocuments(text, {
    lineCounter,
    version: '1.1',
    schema: 'yaml-1.1',
    resolveKnownTags: false,
    customTags,
  }) as readonly Document.Parsed[]

const KEPT = ['map', 'seq', 'str', 'null', 'bool', 'merge']

const customTags = (tags: Tags): Tags => [
  ...tags.filter(
    tag => typeof tag === 'object' && KEPT.includes(tag.tag.replace('tag:yaml.org,2002:', '')),
  ),
  int,
  float,
]

const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16 }

const int: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?(?:0[bB]_*[01][01_]*|0[oO]?_*[0-7][0-7_]*|0[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|0_*|[1-9][0-9_]*)$/,
  resolve(source) {
    const text = source.replaceAll('_', '').toLowerCase()
    const [, sign, radix, digits] = /^([-+]?)(?:0([box]?)(?=.))?(.+)$/.exec(text)!
    const value = parseInt(digits!, radix === undefined ? 10 : (RADIX[radix] ?? 8))
    return sign === '-' ? -value : value
  },
}

const float: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:float',
  test: /^[-+]?(?:\.inf|\.Inf|\.INF|(?:\.[0-9]|[0-9][0-9_]*\.?)[0-9_]*(?:[eE][-+]?[0-9_]+)?)$|^\.(?:nan|NaN|NAN)$/,
  resolve(source) {
    if (/inf$/i.test(source)) return source.startsWith('-') ? -Infinity : Infinity
    const value = Number(source.replaceAll('_', ''))
    // What is too large for a number stays the text that it is.
    return /nan$/i.test(source) || Number.isFinite(value) ? value : source
  },
}
