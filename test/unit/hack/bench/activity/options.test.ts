import t from 'tap'
import { activityOptions, activityPresets, parts } from '#hack/bench/activity/options.ts'

t.test('without words everything is measured', async t => {
  const { wanted, options } = activityOptions([])
  t.strictSame([...wanted], [...parts])
  t.strictSame(options, activityPresets.usual)
})

t.test('words before the flags say what is', async t => {
  const { wanted, options } = activityOptions(['writes', 'lists', '--quick', '--rounds', '2'])
  t.strictSame([...wanted], ['writes', 'lists'])
  t.strictSame(options, { ...activityPresets.quick, rounds: 2 })
  t.strictSame([...activityOptions(['pages']).wanted], ['pages'])
})

t.test('another word is refused with those there are', async t => {
  t.throws(() => activityOptions(['deletes']), {
    message: 'no part "deletes"; there are lists, pages, writes, watches',
  })
})
