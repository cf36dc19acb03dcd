import t, { type Test } from 'tap'
import {
  keyFaults,
  labelFaults,
  prefixOfName,
  segmentFaults,
  segmentPrefixFaults,
  subdomainFaults,
  valueFaults,
} from '#src/lib/schema/metadata-names.ts'

type Faults = (value: string) => string[]

const table =
  (faults: Faults, good: string[], bad: Record<string, RegExp[]>) => async (t: Test) => {
    for (const value of good) t.strictSame(faults(value), [], value)
    for (const [value, expected] of Object.entries(bad)) {
      const found = faults(value)
      t.equal(found.length, expected.length, value)
      for (const [index, pattern] of expected.entries()) t.match(found[index], pattern, value)
    }
  }

t.test(
  'names of objects',
  table(value => subdomainFaults(value), ['a', 'a-b.c1', 'a'.repeat(253)], {
    '': [/^a lowercase RFC 1123 subdomain must .* \(e\.g\. 'example\.com', regex used/],
    A: [/RFC 1123/],
    'a..b': [/RFC 1123/],
    ä: [/RFC 1123/],
    [`${'a'.repeat(253)}-`]: [/must be no more than 253 characters/, /RFC 1123/],
  }),
)

t.test(
  'names of namespaces',
  table(labelFaults, ['a', 'a-1'], {
    'a.b': [/^must not contain dots$/],
    '-a': [/a lowercase RFC 1123 label .* \(e\.g\. 'my-name',  or '123-abc', regex used/],
    ['a'.repeat(64)]: [/must be no more than 63 characters/],
  }),
)

t.test(
  'keys of labels',
  table(keyFaults, ['a', 'A_b.c-1', 'example.com/a'], {
    '': [/^name part must be non-empty$/, /^name part must consist of/],
    'a/b/c': [/^a valid label key must .* with an optional DNS subdomain prefix/],
    '/a': [/^prefix part must be non-empty$/],
    'Example.com/a': [/^prefix part a lowercase RFC 1123 subdomain/],
    ['k'.repeat(64)]: [/^name part must be no more than 63 bytes$/],
    [`${'a'.repeat(254)}/a`]: [/^prefix part must be no more than 253 bytes$/],
  }),
)

t.test(
  'values of labels',
  table(valueFaults, ['', 'A_b.c-1'], {
    '-a': [/^a valid label must be an empty string or consist/],
    ['v'.repeat(64)]: [/^must be no more than 63 bytes$/],
  }),
)

t.test(
  'names of embedded objects',
  table(segmentFaults, ['', 'A b'], {
    '.': [/^may not be '\.'$/],
    '..': [/^may not be '\.\.'$/],
    'a/%': [/^may not contain '\/'$/, /^may not contain '%'$/],
  }),
)

t.test('beginnings of names may end in a hyphen', async t => {
  const faults = prefixOfName(value => subdomainFaults(value))
  t.strictSame(faults('ab-'), [])
  t.equal(faults('-').length, 1)
  t.equal(faults('a.').length, 1)
  t.strictSame(segmentPrefixFaults('..'), [])
})
