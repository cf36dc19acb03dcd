import t from 'tap'
import { findAll } from '#src/lib/schema/dynamic/regex-search.ts'

t.test('finds the leftmost, and of those the preferred', async t => {
  for (const [text, pattern, found] of [
    ['abc1 d22', '[0-9]+', ['1', '22']],
    ['abab', 'a|ab', ['a', 'a']],
    ['abab', 'ab|a', ['ab', 'ab']],
    ['foobar', '(foo|foobar)(bar)?', ['foobar']],
    ['héllo', String.raw`\w+`, ['h', 'llo']],
    ['aaa', 'a*?', ['', '', '', '']],
    ['xaaax', 'a*', ['', 'aaa', '']],
    ['', 'x*', ['']],
    ['日本語x', '..', ['日本', '語x']],
    ['a😀b', 'a.b', ['a😀b']],
    ['a-b-', '^[a-z0-9-]{0,62}[a-z0-9]', ['a-b']],
    ['line1\nline2', String.raw`(?m)^line\d$`, ['line1', 'line2']],
    ['one two', String.raw`\b\w`, ['o', 't']],
    ['ab', String.raw`\Bb`, ['b']],
    ['AbC', '(?i)abc', ['AbC']],
    ['abc', 'x', []],
  ] as const)
    t.same(findAll(text, pattern, Infinity), found, `${pattern} in ${text}`)
})

t.test('finds no more than asked for', async t => {
  t.same(findAll('a1b2', '[0-9]', 1), ['1'])
  t.same(findAll('a1b2', '[0-9]', 0), [])
})

t.test('takes what RE2 takes, in linear time', async t => {
  t.throws(() => findAll('a', '(', 1))
  const start = performance.now()
  findAll('a'.repeat(3000), '(a*)*b', 1)
  t.ok(performance.now() - start < 5000)
})
