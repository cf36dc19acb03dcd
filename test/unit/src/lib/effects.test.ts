import t from 'tap'
import { Effects } from '#src/lib/effects.ts'

const { signal } = new AbortController()

/** Executors that end when told to. */
function effectsOf() {
  const begun: string[] = []
  const ends: ((error?: Error) => void)[] = []
  const effects = new Effects(
    {
      push: ({ key, to }) => {
        begun.push(`${key} to ${String(to)}`)
        return new Promise<void>((resolve, reject) =>
          ends.push(error => (error ? reject(error) : resolve())),
        )
      },
    },
    signal,
  )
  const settle = () => new Promise(resolve => void setImmediate(resolve))
  return { effects, begun, ends, settle }
}

t.test('the same effect runs once, however often it is asked for', async t => {
  const { effects, begun, ends } = effectsOf()
  const effect = { type: 'push', key: 'a', to: 'x' }
  const runs = [effects.run(effect), effects.run({ ...effect })]
  t.strictSame(begun, ['a to x'])
  ends[0]?.()
  await Promise.all(runs)
  const again = effects.run(effect)
  t.equal(begun.length, 2, 'and again when it is asked for later')
  ends[1]?.()
  await again
})

t.test('another effect of the same key waits its turn', async t => {
  const { effects, begun, ends, settle } = effectsOf()
  const first = effects.run({ type: 'push', key: 'a', to: 'x' })
  const second = effects.run({ type: 'push', key: 'a', to: 'y' })
  const elsewhere = effects.run({ type: 'push', key: 'b', to: 'x' })
  t.strictSame(begun, ['a to x', 'b to x'])
  ends[0]?.(new Error('refused'))
  await t.rejects(first, { message: 'refused' }, 'its failure is its own')
  await settle()
  t.strictSame(begun, ['a to x', 'b to x', 'a to y'])
  for (const end of ends) end()
  await Promise.all([second, elsewhere])
})

t.test('an effect that nobody can do is an error', async t => {
  const { effects } = effectsOf()
  await t.rejects(effects.run({ type: 'pull', key: 'a' }), { code: 'UnknownEffect' })
})
