import fc from 'fast-check'
import t from 'tap'
import { desugar } from '#src/lib/schema/dynamic/desugar.ts'
import { compileDynamic } from '#src/lib/schema/dynamic/expression.ts'
import { literalOf, textLiteral } from '#src/policy/literal.ts'
import { render } from '#src/policy/render.ts'
import { binding, profile, template } from '#test/fixtures-policy.ts'
import { now } from '#test/fixtures.ts'

/** What people write who want to get out of a text, and what programs write by mistake. */
const nasty = [
  '',
  '"',
  "'",
  '\\',
  '\\"',
  '") || true || ("',
  "' + string(object) + '",
  '"""',
  "'''",
  '\n',
  '\r\n',
  '\0',
  '\u0085\u2028\u2029',
  '// and no more',
  'é😀',
  '\ud800',
  '\udc00\ud800x',
  '${x} {{x}} ((x)) \\((x))',
  'r"x"',
  'b"x"',
  '\\u0022',
  '\u007f\ufeff\uffff',
]
const texts = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 40 }),
  // Halves of pairs, too.
  fc.array(fc.integer({ min: 0, max: 0xffff })).map(codes => String.fromCharCode(...codes)),
  fc
    .tuple(fc.constantFrom(...nasty), fc.string(), fc.constantFrom(...nasty))
    .map(all => all.join('')),
)
const settings = { seed: 20261121, numRuns: 3000 }

t.test('a text is what it says, whatever it says', async t => {
  fc.assert(
    fc.property(texts, text => {
      const literal = textLiteral(text)
      return (
        /^"[ -~]*"$/.test(literal) &&
        desugar(literal) === literal &&
        compileDynamic(literal, []).evaluate({}).result === text.toWellFormed()
      )
    }),
    settings,
  )
  t.pass()
})

t.test('a policy differs in that literal alone from one with a harmless value', async t => {
  const parameters = [
    { name: 'word', type: 'string' as const, required: true },
    { name: 'words', type: 'array' as const, required: true },
  ]
  const own = template(
    {
      matchConditions: [{ name: 'named', expression: 'has(object.metadata.name)' }],
      variables: [{ name: 'both', expression: '[variables.word] + variables.words' }],
      validations: [
        { expression: 'object.spec.title in variables.both', messageExpression: 'variables.word' },
      ],
    },
    { parameters },
  )
  const rendered = (word: string, words: string[]) =>
    render({
      template: own,
      binding: binding({ parameters: { word, words } }),
      profile: profile(),
      now,
    }).policy!.spec
  const harmless = rendered('a', ['b'])
  fc.assert(
    fc.property(texts, fc.array(texts, { maxLength: 3 }), (word, words) => {
      const { variables, ...rest } = rendered(word, words)
      const { variables: others, ...same } = harmless
      t.equal(variables![0]!.expression, textLiteral(word))
      t.equal(variables![1]!.expression, `[${words.map(textLiteral).join(', ')}]`)
      return (
        JSON.stringify([rest, variables!.slice(2)]) === JSON.stringify([same, others!.slice(2)])
      )
    }),
    { ...settings, numRuns: 300 },
  )
})

t.test('numbers keep their type', async t => {
  t.equal(literalOf('integer', -12), '-12')
  t.equal(literalOf('number', 3), '3.0')
  t.equal(literalOf('number', -0.5), '-0.5')
  for (const value of [0, 1e21, 5e-324, -1.5, 2 ** 53])
    t.equal(compileDynamic(literalOf('number', value), []).evaluate({}).result, value)
  t.equal(compileDynamic(literalOf('integer', 7), []).evaluate({}).result, 7n)
  t.equal(literalOf('boolean', false), 'false')
  t.equal(literalOf('array', []), '[]')
  t.equal(literalOf('string', 'it\'s "a\\b"'), String.raw`"it's \"a\\b\""`)
})
