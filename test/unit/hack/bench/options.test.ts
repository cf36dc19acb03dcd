import t from 'tap'
import { admissionPresets, benchOptions, grantPresets } from '#hack/bench/options.ts'

t.test('without flags the whole benchmark runs', async t => {
  t.strictSame(benchOptions([], admissionPresets), admissionPresets.usual)
  t.match(benchOptions([], grantPresets), { organizations: 1_000, grants: 100_000 })
})

t.test('--quick does less of everything, and flags override it', async t => {
  const quick = benchOptions(['--quick'], admissionPresets)
  const { usual } = admissionPresets
  t.ok(quick.rounds < usual.rounds)
  t.ok(quick.requests < usual.requests)
  t.ok(quick.organizations < usual.organizations)
  const flags = ['--quick', '--rounds=2', '--requests', '30', '--organizations=7']
  const chosen = { rounds: 2, requests: 30, organizations: 7 }
  t.strictSame(benchOptions(flags, admissionPresets), chosen)
  t.strictSame(benchOptions([...flags, '--grants=14'], grantPresets), { ...chosen, grants: 14 })
})

t.test('what cannot be measured with is refused by name', async t => {
  const flags = [
    'rounds=0',
    'rounds=1.5',
    'requests=9',
    'organizations=1',
    'grants=0',
    'rounds=many',
  ]
  for (const flag of flags)
    t.throws(
      () => benchOptions([`--${flag}`], grantPresets),
      { message: `--${flag.split('=')[0]}: ` },
      flag,
    )
  t.throws(() => benchOptions(['--loud'], grantPresets))
})

t.test('a flag of another benchmark is none', async t => {
  t.throws(() => benchOptions(['--grants=7'], admissionPresets))
})
