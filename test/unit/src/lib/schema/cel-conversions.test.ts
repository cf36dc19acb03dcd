import { isCelError, parse, plan } from '@bufbuild/cel'
import t from 'tap'
import { conversions } from '#src/lib/schema/cel-conversions.ts'
import { env } from '#src/lib/schema/cel-env.ts'

const run = (source: string): unknown => {
  const result = plan(env, parse(source))({})
  return isCelError(result) ? result.message : result
}

t.test('every one of them takes the place of that of the library', async t => {
  for (const { name, id } of conversions)
    t.equal([...env.funcs.find(name)!].filter(known => known.id === id).length, 1, id)
})

t.test('conversions take what Go takes', async t => {
  t.equal(run('int("+12") == 12 && int("-9223372036854775808") < 0'), true)
  t.equal(run('double("1.5e3") == 1500.0 && double(".5") == 0.5'), true)
  t.equal(run('string(1000000.0) + string(0.5)'), '1e+060.5')
  t.equal(run('duration("1h30m") == duration("90m") && duration("-1s") < duration("0")'), true)
  t.equal(
    run('timestamp("2026-01-31T12:00:00.5Z") == timestamp("2026-01-31T13:00:00.5+01:00")'),
    true,
  )
})

t.test('and nothing else', async t => {
  const refused: Record<string, string[]> = {
    int: ['', 'x', '1.0', '0x1', ' 1', '9223372036854775808'],
    double: ['', 'x', '0x1', '1e', ' 1'],
    'google.protobuf.Duration': ['', '2 days', '1d', 'x'],
    'google.protobuf.Timestamp': ['', '2026-01-31', '2026-01-31t12:00:00z', '2026-13-31T12:00:00Z'],
  }
  for (const [type, texts] of Object.entries(refused))
    for (const text of texts) {
      const name = type.split('.').at(-1)!.toLowerCase()
      t.equal(run(`${name}("${text}")`), `type conversion error from 'string' to '${type}'`, text)
    }
})
