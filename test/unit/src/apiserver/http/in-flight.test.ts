import t from 'tap'
import { InFlight } from '#src/apiserver/http/in-flight.ts'

const limits = { reading: 2, writing: 1, watching: 2, ofUser: 1, ofNamespace: 1 }
const user = (name: string, namespace = '') => ({ user: name, namespace })

t.test('reading, writing and watching have places of their own', async t => {
  const flying = new InFlight(limits)
  const leave = flying.enter('reading', user('a'), false)!
  t.ok(flying.enter('reading', user('b'), false))
  t.notOk(flying.enter('reading', user('c'), false))
  t.ok(flying.enter('writing', user('c'), false))
  t.ok(flying.enter('reading', user('admin'), true))
  t.equal(flying.count('reading'), 3)
  leave()
  t.equal(flying.count('reading'), 2)
  t.equal(flying.count('writing'), 1)
})

t.test('nobody takes all the places', async t => {
  const flying = new InFlight({ ...limits, reading: 4, watching: 2, ofUser: 0.5 })
  const leave = flying.enter('reading', user('a'), false)!
  t.ok(flying.enter('reading', user('a'), false))
  t.ok(flying.enter('writing', user('a'), false))
  t.notOk(flying.enter('reading', user('a'), false))
  t.ok(flying.enter('reading', user('b'), false))
  leave()
  t.ok(flying.enter('reading', user('a'), false))
  t.ok(flying.enter('watching', user('a'), false))
  t.notOk(flying.enter('watching', user('a'), false))
})

t.test('no namespace takes all the places, however many users it has', async t => {
  const flying = new InFlight({ ...limits, writing: 4, ofUser: 0.25, ofNamespace: 0.5 })
  const leave = flying.enter('writing', user('a', 'one'), false)!
  t.ok(flying.enter('writing', user('b', 'one'), false))
  t.notOk(flying.enter('writing', user('c', 'one'), false))
  t.ok(flying.enter('writing', user('c', 'two'), false))
  leave()
  t.ok(flying.enter('writing', user('d', 'one'), false))
})

t.test('remembers nobody who is gone', async t => {
  const flying = new InFlight(limits)
  for (let i = 0; i < 3; i++) flying.enter('reading', user('a', 'one'), false)!()
  t.equal(flying.count('reading'), 0)
})
