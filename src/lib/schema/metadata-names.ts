/** What is wrong with names, labels and annotations, in the API server's words; nothing where all is well. */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = String.raw`${LABEL}(\.${LABEL})*`
const KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'

const whole = (source: string): RegExp => new RegExp(`^${source}$`)
const isLabel = whole(LABEL)
const isKey = whole(KEY)
const isValue = whole(`(${KEY})?`)

/** Label by label, so that a long name takes no more than linear time. */
const isSubdomain = (value: string): boolean => value.split('.').every(part => isLabel.test(part))

const lengthOf = (value: string): number => Buffer.byteLength(value)

/** Bytes are counted; names and namespaces call them characters. */
const tooLong = (value: string, most: number, unit = 'bytes'): string[] =>
  lengthOf(value) > most ? [`must be no more than ${most} ${unit}`] : []

const shape = (says: string, source: string, ...examples: string[]): string =>
  `${says} (e.g. ${examples.map(example => `'${example}', `).join(' or ')}regex used for validation is '${source}')`

/** The name of an object of a definition. */
export const subdomainFaults = (value: string, unit = 'characters'): string[] => [
  ...tooLong(value, 253, unit),
  ...(isSubdomain(value)
    ? []
    : [
        shape(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
          SUBDOMAIN,
          'example.com',
        ),
      ]),
]

/** The name of a namespace. */
export function labelFaults(value: string): string[] {
  const faults = tooLong(value, 63, 'characters')
  if (isLabel.test(value)) return faults
  if (isSubdomain(value)) return [...faults, 'must not contain dots']
  return [
    ...faults,
    shape(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
      LABEL,
      'my-name',
      '123-abc',
    ),
  ]
}

/** The key of a label or an annotation, or a finalizer. */
export function keyFaults(value: string): string[] {
  const says = shape(
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    KEY,
    'MyName',
    'my.name',
    '123-abc',
  )
  const parts = value.split('/')
  if (parts.length > 2)
    return [
      `a valid label key ${says} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  const name = parts.at(-1)!
  const length = name === '' ? ['must be non-empty'] : tooLong(name, 63)
  return [
    ...(parts.length === 2 ? prefixFaults(parts[0]!) : []),
    ...[...length, ...(isKey.test(name) ? [] : [says])].map(fault => `name part ${fault}`),
  ]
}

const prefixFaults = (prefix: string): string[] =>
  (prefix === '' ? ['must be non-empty'] : subdomainFaults(prefix, 'bytes')).map(
    fault => `prefix part ${fault}`,
  )

/** The value of a label. */
export const valueFaults = (value: string): string[] => [
  ...tooLong(value, 63),
  ...(isValue.test(value)
    ? []
    : [
        shape(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
          `(${KEY})?`,
          'MyValue',
          'my_value',
          '12345',
        ),
      ]),
]

/** A name that is part of a URL, which is all that is asked of an embedded object. */
export const segmentFaults = (value: string): string[] =>
  value === '.' || value === '..' ? [`may not be '${value}'`] : partFaults(value)

const partFaults = (value: string): string[] =>
  ['/', '%'].filter(part => value.includes(part)).map(part => `may not contain '${part}'`)

/** The beginning of names that are made up: what follows is appended, so a hyphen at the end does not count. */
export const prefixOfName =
  (faults: (value: string) => string[]) =>
  (value: string): string[] =>
    faults(value.length > 1 && value.endsWith('-') ? `${value.slice(0, -2)}a` : value)

/** As `segmentFaults`, of the beginning of names that are made up. */
export const segmentPrefixFaults = partFaults
