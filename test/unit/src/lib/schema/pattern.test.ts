import t from 'tap'
import { patternOf } from '#src/lib/schema/pattern.ts'

t.test('reads what RE2 reads, and finds it anywhere', async t => {
  t.ok(patternOf('b+').test('abbc'))
  t.notOk(patternOf('^b').test('ab'))
  t.ok(patternOf('(?i)^AB$').test('ab'))
  t.ok(patternOf(String.raw`^\pL+$`).test('äß'))
  t.equal(patternOf('^a$').source, '^a$')
})

t.test('$ is the end of the text, not of a line', async t => {
  t.notOk(patternOf('^a$').test('a\n'))
})

t.test('does not take what RE2 does not take', async t => {
  for (const source of ['(?=a)', String.raw`(a)\1`, '(', 'a{1001}'])
    t.throws(() => patternOf(source), source)
})

t.test('is linear in what it looks at', async t => {
  const start = performance.now()
  t.notOk(patternOf('^(a+)+$').test(`${'a'.repeat(50_000)}!`))
  t.ok(performance.now() - start < 5000)
})

t.test('compiles once, and forgets before too many pile up', async t => {
  const first = patternOf('once')
  t.equal(patternOf('once'), first)
  for (let i = 0; i < 1000; i += 1) patternOf(`p${i}`)
  t.not(patternOf('once'), first)
})
