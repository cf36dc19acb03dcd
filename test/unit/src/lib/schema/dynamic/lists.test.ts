import t from 'tap'
import { come } from '#test/support/dynamic-cel.ts'

t.test('functions of lists', async t => {
  for (const [source, value] of [
    ['[1, 2, 2].isSorted()', true],
    ['[2, 1].isSorted()', false],
    ['[2, 1, 3].min()', 1],
    ["['b', 'c', 'a'].max()", 'c'],
    ['[].min()', '! min called on empty list'],
    ['[1, 2, 1].indexOf(1)', 0],
    ['[1, 2, 1].lastIndexOf(1)', 2],
    ['[1].indexOf(2)', -1],
    ['[1, 2].sum()', 3],
    ['[].sum()', 0],
    ['[1.5, 2.0].sum()', 3.5],
    ['[1, 1, 2].distinct()', [1, 2]],
    ['[1, 2].reverse()', [2, 1]],
    ["['b', 'a', 'a'].sort()", ['a', 'a', 'b']],
    ['[1, 2, 3].slice(1, 2)', [2]],
    ['[1].slice(-1, 1)', '! cannot slice(-1, 1), negative indexes not supported'],
    [
      '[1].slice(1, 0)',
      '! cannot slice(1, 0), start index must be less than or equal to end index',
    ],
    ['[1].slice(0, 2)', '! cannot slice(0, 2), list is length 1'],
    ['[[1], [[2]], 3].flatten()', [1, [2], 3]],
    ['[[1], [[2]]].flatten(2)', [1, 2]],
    ['[1].flatten(-1)', '! level must be non-negative'],
    ['lists.range(3)', [0, 1, 2]],
    ['sets.contains([1, 2], [2])', true],
    ['sets.contains([1, 2], [3])', false],
    ['sets.equivalent([1, 2], [2, 1, 1])', true],
    ['sets.intersects([1], [2])', false],
    ["[1, 'a'].sort()", '! no such overload'],
    ['[{}, {}].sum()', '! no such overload'],
    ['[9223372036854775807, 1].sum()', /overflow/],
  ] as const) {
    const found = come(source)
    if (value instanceof RegExp) t.match(found, value, source)
    else t.same(found, value, source)
  }
})
