import t from 'tap'
import {
  exceptionNameOf,
  generatedLabels,
  policyKindOf,
  policyNameOf,
  policyPluralOf,
} from '#src/policy/names.ts'

t.test('a short name without hyphens stands as it is', async t => {
  t.equal(policyNameOf('acme', 'titles'), 'kradle-acme-titles')
  t.equal(exceptionNameOf('acme', 'importer'), 'kradle-acme-importer')
})

t.test('names that could be read in two ways differ', async t => {
  const [one, other] = [policyNameOf('a-b', 'c'), policyNameOf('a', 'b-c')]
  t.match(one, /^kradle-a-b-c-[0-9a-f]{10}$/)
  t.match(other, /^kradle-a-b-c-[0-9a-f]{10}$/)
  t.not(one, other)
})

t.test(
  'a long name is a name all the same, and nobody can choose another one that is equal',
  async t => {
    const org = 'o'.repeat(52)
    const name = policyNameOf(org, 'b'.repeat(63))
    t.equal(name.length, 63)
    t.match(name, /^kradle-o{45}-[0-9a-f]{10}$/)
    t.not(policyNameOf('o'.repeat(45), name.slice(-10)), name)
    t.not(policyNameOf(org, 'c'.repeat(63)), name)
  },
)

t.test('kinds are those that Kyverno confines to a namespace', async t => {
  t.equal(policyKindOf('ImageValidating'), 'NamespacedImageValidatingPolicy')
  t.equal(policyPluralOf('ImageValidating'), 'namespacedimagevalidatingpolicies')
  t.strictSame(generatedLabels('acme', 'titles'), {
    'kradle.a5c.ai/org': 'acme',
    'kradle.a5c.ai/policy-binding': 'titles',
    'app.kubernetes.io/managed-by': 'kradle',
  })
})
