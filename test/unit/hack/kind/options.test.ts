import t from 'tap'
import { optionsFrom, steps } from '#hack/kind/options.ts'

t.test('everything is done where nothing is said', async t => {
  const { name, keep, steps: wanted, drills } = optionsFrom([])
  t.match({ name, keep, drills }, { name: 'kradle-test', keep: false, drills: [] })
  t.strictSame([...wanted].toSorted(), steps.toSorted())
})

t.test('a cluster comes with whatever is wanted', async t => {
  const {
    steps: wanted,
    drills,
    values,
  } = optionsFrom(['--only', 'drills,rights', '--drill', 'leader', '--set', 'a=b'])
  t.strictSame([...wanted].toSorted(), ['cluster', 'drills', 'rights'])
  t.strictSame(drills, ['leader'])
  t.strictSame(values, ['a=b'])
})

t.test('what there is not is said', async t => {
  t.throws(() => optionsFrom(['--only', 'dance']), /--only dance: there is no such step/)
  t.throws(() => optionsFrom(['--dance']), /--dance/)
})
