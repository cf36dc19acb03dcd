import t from 'tap'
import { benchOptions } from '#hack/bench/options.ts'

t.test('without flags the whole benchmark runs', async t => {
  t.match(benchOptions([]), { organizations: 1_000 })
})

t.test('--quick does less of everything, and flags override it', async t => {
  const [usual, quick] = [benchOptions([]), benchOptions(['--quick'])]
  t.ok(quick.rounds < usual.rounds)
  t.ok(quick.requests < usual.requests)
  t.ok(quick.organizations < usual.organizations)
  t.strictSame(benchOptions(['--quick', '--rounds=2', '--requests', '30', '--organizations=7']), {
    rounds: 2,
    requests: 30,
    organizations: 7,
  })
})

t.test('what cannot be measured with is refused by name', async t => {
  for (const flag of ['rounds=0', 'rounds=1.5', 'requests=9', 'organizations=1', 'rounds=many'])
    t.throws(() => benchOptions([`--${flag}`]), { message: `--${flag.split('=')[0]}: ` }, flag)
  t.throws(() => benchOptions(['--loud']))
})
