import t from 'tap'
import { Turns } from '#src/apiserver/storage/turns.ts'

t.test('one after the other, whatever becomes of each', async t => {
  const turns = new Turns()
  const said: string[] = []
  const work = (name: string, error?: Error) => async () => {
    said.push(`${name} begins`)
    await new Promise(resolve => setImmediate(resolve))
    said.push(`${name} ends`)
    if (error) throw error
    return name
  }
  const answers = await Promise.allSettled([
    turns.take('k', work('a')),
    turns.take('k', work('b', new Error('b is ill'))),
    turns.take('k', work('c')),
    turns.take('other', work('x')),
  ])
  t.strictSame(
    said.filter(line => !line.startsWith('x')),
    ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'],
  )
  t.ok(said.indexOf('x begins') < said.indexOf('a ends'), 'others do not wait')
  t.match(answers, [{ value: 'a' }, { reason: { message: 'b is ill' } }, { value: 'c' }, {}])
  t.equal(turns.size, 0)
})

t.test('who goes away loses his turn', async t => {
  const turns = new Turns()
  const gate = Promise.withResolvers<void>()
  const first = turns.take('k', () => gate.promise)
  const leaving = new AbortController()
  let worked = false
  const second = turns.take('k', async () => void (worked = true), leaving.signal)
  leaving.abort(new Error('gone'))
  await t.rejects(second, { message: 'gone' })
  gate.resolve()
  await first
  t.notOk(worked)
  t.equal(await turns.take('k', async () => 3), 3)
})
