// What SARIF 2.1.0 (OASIS, errata 01) demands of a log, as far as this repository writes one: the shapes of its schema, in
// which no object has properties of its own but in `properties`, and the rules of the text that a schema cannot say.

type Check = (value: unknown, path: string) => string[]

const ok: string[] = []
const text: Check = (value, path) => (typeof value === 'string' ? ok : [`${path} is no string`])
const word: Check = (value, path) => (value === '' ? [`${path} is empty`] : text(value, path))
const bag: Check = (value, path) => (isMap(value) ? ok : [`${path} is no property bag`])
const index: Check = (value, path) =>
  Number.isInteger(value) && Number(value) >= -1 ? ok : [`${path} is no index`]
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, path) =>
    allowed.includes(value as string) ? ok : [`${path} is none of ${allowed.join(', ')}`]
const list =
  (each: Check, { unique = false } = {}): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [`${path} is no array`]
    const seen = new Set(value.map(item => JSON.stringify(item)))
    return [
      ...(unique && seen.size < value.length ? [`${path} has the same twice`] : []),
      ...value.flatMap((item, at) => each(item, `${path}[${at}]`)),
    ]
  }
const mapOf =
  (each: Check): Check =>
  (value, path) =>
    isMap(value)
      ? Object.entries(value).flatMap(([key, item]) => each(item, `${path}.${key}`))
      : [`${path} is no object`]
/** Names that end in `!` are required. */
const shape = (fields: Readonly<Record<string, Check>>): Check => {
  const checks = new Map(
    Object.entries(fields).map(([name, check]) => [name.replace('!', ''), check]),
  )
  const required = Object.keys(fields)
    .filter(name => name.endsWith('!'))
    .map(name => name.slice(0, -1))
  return (value, path) => {
    if (!isMap(value)) return [`${path} is no object`]
    return [
      ...required.filter(name => !(name in value)).map(name => `${path}.${name} is missing`),
      ...Object.entries(value).flatMap(
        ([name, item]) =>
          checks.get(name)?.(item, `${path}.${name}`) ?? [`${path}.${name} is unknown`],
      ),
    ]
  }
}

/** RFC 3986, relative or not, without what a reader would have to encode first (3.10.1). */
const uriReference: Check = (value, path) =>
  typeof value === 'string' &&
  /^(?:[\w.~!$&'()*+,;=:@/?#[\]-]|%[0-9A-Fa-f]{2})+$/.test(value) &&
  (/^[A-Za-z][\w+.-]*:/.test(value) || !value.split('/')[0]!.includes(':'))
    ? ok
    : [`${path} is no URI reference`]

const level = oneOf('none', 'note', 'warning', 'error')
const multiformat = shape({ 'text!': word, markdown: text })
const rule = shape({
  'id!': word,
  shortDescription: multiformat,
  fullDescription: multiformat,
  help: multiformat,
  helpUri: uriReference,
  defaultConfiguration: shape({ level }),
  properties: bag,
})
const physical = shape({ 'artifactLocation!': shape({ 'uri!': uriReference }) })
const logical = shape({ name: word, fullyQualifiedName: word, kind: word })
const suppression = shape({
  'kind!': oneOf('inSource', 'external'),
  status: oneOf('accepted', 'underReview', 'rejected'),
  justification: text,
})
const result = shape({
  ruleId: word,
  ruleIndex: index,
  kind: oneOf('notApplicable', 'pass', 'fail', 'review', 'open', 'informational'),
  level,
  'message!': shape({ 'text!': word }),
  locations: list(
    shape({ physicalLocation: physical, logicalLocations: list(logical, { unique: true }) }),
  ),
  partialFingerprints: mapOf(word),
  suppressions: list(suppression, { unique: true }),
  properties: bag,
})
const log = shape({
  $schema: uriReference,
  'version!': oneOf('2.1.0'),
  'runs!': list(
    shape({
      'tool!': shape({ 'driver!': shape({ 'name!': word, rules: list(rule, { unique: true }) }) }),
      results: list(result),
      columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints'),
    }),
  ),
})

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules?: readonly { readonly id: string }[] } }
    readonly results?: readonly {
      readonly ruleId?: string
      readonly ruleIndex?: number
      readonly kind?: string
      readonly level?: string
    }[]
  }[]
}

/** Everything that is not as SARIF 2.1.0 demands; [] for a log that is sound. */
export function sarifProblems(of: unknown): string[] {
  const problems = log(of, 'log')
  return problems.length > 0 ? problems : (of as Log).runs.flatMap(textProblems)
}

function textProblems({ tool, results = [] }: Log['runs'][number]): string[] {
  const { rules = [] } = tool.driver
  return results.flatMap(({ ruleId, ruleIndex = -1, kind = 'fail', level: its }, at) => [
    // 3.27.10: what is no failure has no level.
    ...(kind !== 'fail' && its !== undefined && its !== 'none'
      ? [`results[${at}] is ${kind} and has level ${its}`]
      : []),
    // 3.27.5, 3.27.6: index and id name the same rule.
    ...(ruleIndex >= 0 && rules[ruleIndex]?.id !== ruleId
      ? [`results[${at}] has a rule that is not at its index`]
      : []),
    ...(ruleId === undefined ? [`results[${at}] names no rule`] : []),
  ])
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
