import t from 'tap'
import { InFlight } from '#src/apiserver/http/in-flight.ts'

const limits = { reading: 2, writing: 1, watching: 2, perUser: 2, watchingPerUser: 1 }

t.test('reading, writing and watching have places of their own', async t => {
  const flying = new InFlight(limits)
  const leave = flying.enter('reading', 'a', false)!
  t.ok(flying.enter('reading', 'b', false))
  t.notOk(flying.enter('reading', 'c', false))
  t.ok(flying.enter('writing', 'c', false))
  t.ok(flying.enter('reading', 'admin', true))
  t.equal(flying.count('reading'), 3)
  leave()
  t.equal(flying.count('reading'), 2)
  t.equal(flying.count('writing'), 1)
})

t.test('nobody takes all the places', async t => {
  const flying = new InFlight({ ...limits, reading: 10 })
  const leave = flying.enter('reading', 'a', false)!
  t.ok(flying.enter('writing', 'a', false))
  t.notOk(flying.enter('reading', 'a', false))
  t.ok(flying.enter('reading', 'b', false))
  leave()
  t.ok(flying.enter('reading', 'a', false))
  t.ok(flying.enter('watching', 'a', false))
  t.notOk(flying.enter('watching', 'a', false))
})

t.test('remembers nobody who is gone', async t => {
  const flying = new InFlight(limits)
  for (let i = 0; i < 3; i++) flying.enter('reading', 'a', false)!()
  t.equal(flying.count('reading'), 0)
})
