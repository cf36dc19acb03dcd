import t from 'tap'
import { says } from '#test/conformance/runner/says.ts'

t.test('space is space, and ... stands for anything, in order', async t => {
  t.ok(says('NAME   AGE\na      1s\n', 'NAME AGE a'))
  t.ok(
    says(
      'The X "y" is invalid: \n* spec.a: is missing\n* spec.b: too',
      'spec.a: is missing spec.b',
    ),
  )
  t.ok(says('one two three', 'one ... three'))
  t.notOk(says('three one', 'one ... three'))
  t.ok(says('abc', /^a.c$/))
  t.notOk(says('abc', /^b/))
})
