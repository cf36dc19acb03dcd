import t from 'tap'
import { isOrgSlug, normalizeName, normalizeOrgSlug } from '#src/lib/names.ts'

const long = 'a'.repeat(62)
const names: [unknown, string, string][] = [
  ['web', 'web', 'stays as it is'],
  [
    'My Repo!',
    'my-repo',
    'is lower-cased, runs of anything else become one hyphen, ends are stripped',
  ],
  ['a--b', 'a--b', 'keeps hyphens that are there'],
  [' a ', 'a', 'needs no trim of its own'],
  ['***', 'user', 'falls back to user where nothing is left'],
  ['', 'user', 'falls back on the empty string too'],
  [null, 'null', 'takes any value as text'],
  [`${long}-b`, long, 'does not end in a hyphen after the cut (R10)'],
  ['b'.repeat(70), 'b'.repeat(63), 'is cut to 63'],
]
for (const [value, want, why] of names)
  t.test(`normalizeName(${JSON.stringify(value)}) ${why}`, async t => {
    t.equal(normalizeName(value), want)
    t.equal(normalizeName(want), want, 'once more changes nothing')
  })

t.test('normalizeOrgSlug trims and has no fallback', async t => {
  t.equal(normalizeOrgSlug('  My Org! '), 'my-org')
  t.equal(normalizeOrgSlug('***'), '')
})

t.test('isOrgSlug takes 1 to 52 characters that are normal already', async t => {
  t.equal(isOrgSlug('acme'), true)
  t.equal(isOrgSlug('a'.repeat(52)), true)
  for (const bad of ['', 'a'.repeat(53), 'Acme', 'a.b', '-a', 'a-'])
    t.equal(isOrgSlug(bad), false, bad)
})
