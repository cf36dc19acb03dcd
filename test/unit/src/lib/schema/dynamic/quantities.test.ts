import t from 'tap'
import { parseQuantity } from '#src/lib/schema/dynamic/quantities.ts'
import { come } from '#test/support/dynamic-cel.ts'

t.test('reads quantities', async t => {
  for (const [text, nano] of [
    ['1', 1_000_000_000n],
    ['1.5Ki', 1_536_000_000_000n],
    ['100m', 100_000_000n],
    ['-1e3', -1_000_000_000_000n],
    ['1E', 10n ** 27n],
    ['.5', 500_000_000n],
    ['1.', 1_000_000_000n],
    ['1e-12', 1n],
    ['1.0000000001', 1_000_000_001n],
  ] as const)
    t.equal(parseQuantity(text)?.nano, nano, text)
  for (const text of ['', 'x', '1x', '.', '1 k', 'Ki', '1e', '1e999'])
    t.equal(parseQuantity(text), undefined, text)
})

t.test('functions', async t => {
  for (const [source, value] of [
    ["isQuantity('1k')", true],
    ["quantity('1').isLessThan(quantity('2'))", true],
    ["quantity('1').isGreaterThan(quantity('2'))", false],
    ["quantity('2').compareTo(quantity('1'))", 1],
    ["quantity('1').compareTo(quantity('2'))", -1],
    ["quantity('1k').compareTo(quantity('1000'))", 0],
    ["sign(quantity('-1'))", -1],
    ["quantity('1').add(quantity('500m')).sub(1).asApproximateFloat()", 0.5],
    ["quantity('2').isInteger()", true],
    ["quantity('1500m').isInteger()", false],
    ["quantity('10E').isInteger()", false],
    ["quantity('-2').asInteger()", -2],
    ["quantity('1500m').asInteger()", '! cannot convert value to integer'],
    ["quantity('1').add('x')", '! no such overload'],
    ["quantity('1Ki').isInteger()", true],
    ["quantity('1.5Ki').isInteger()", false],
    ["quantity('1000m').isInteger()", false],
    ["quantity('1000m').add(1).isInteger()", false],
    ["quantity('0m').add(1).asInteger()", 1],
    ["quantity('1').add(quantity('0m')).asInteger()", 1],
    ["quantity('1.5Ki').add(1).isInteger()", false],
    ["quantity('1').add(quantity('1.5Ki')).isInteger()", false],
    ["quantity('1kk')", "! unable to parse quantity's suffix"],
  ] as const)
    t.same(come(source), value, source)
  for (const text of ['', 'x', 'nonsense'])
    t.match(come(`quantity('${text}')`), /must match the regular expression/)
})
