import t from 'tap'
import { FedEvent } from '#src/apiserver/storage/fed-event.ts'
import { Listener, Listeners } from '#src/apiserver/storage/subscribers.ts'
import type { Subscriber } from '#src/apiserver/storage/store.ts'
import { pullRequests, resource } from '#test/support/stored.ts'

const event = (version: string, namespace = 'n', name = 'a', of = 'pullrequests') =>
  new FedEvent([version, 'ADDED', of, namespace, name, 'u', '{}', '{}', '}', null, null, null, '0'])

function recorder() {
  const said: string[] = []
  const subscriber: Subscriber = {
    event: ({ entry }) => said.push(`event ${entry.resourceVersion}`),
    progress: version => said.push(`progress ${version}`),
    end: why => said.push(`end ${why}`),
  }
  return { said, subscriber }
}

t.test('everything is told once, and in order', async t => {
  const { said, subscriber } = recorder()
  const listener = new Listener(pullRequests, {}, '5', subscriber)
  listener.tell(event('5'))
  listener.tell(event('6'))
  listener.tell(event('6'))
  listener.progress('6')
  listener.progress('9')
  listener.tell(event('10'))
  t.equal(listener.told, '10')
  listener.end('expired')
  listener.end('expired')
  listener.tell(event('11'))
  listener.progress('12')
  t.strictSame(said, ['event 6', 'progress 9', 'event 10', 'end expired'])
  t.equal(listener.over, true)
})

t.test('who has stopped hears nothing', async t => {
  const { said, subscriber } = recorder()
  const listener = new Listener(pullRequests, {}, '5', subscriber)
  listener.stop()
  listener.tell(event('6'))
  listener.end('unavailable')
  t.strictSame(said, [])
})

t.test('who takes what he was told is told more', async t => {
  const { said, subscriber } = recorder()
  const answers: (boolean | Error)[] = [true, false]
  const failures: unknown[] = []
  const taken = async () => {
    const answer = answers.shift()!
    if (answer instanceof Error) throw answer
    return answer
  }
  const listener = new Listener(pullRequests, {}, '5', { ...subscriber, taken })
  await listener.taken()
  listener.tell(event('6'))
  await listener.taken()
  await listener.taken()
  listener.tell(event('7'))
  t.strictSame(said, ['event 6'])

  const patient = new Listener(pullRequests, {}, '5', subscriber)
  await patient.taken()
  t.notOk(patient.over)
  const failing = new Listener(pullRequests, {}, '5', { ...subscriber, taken }, error =>
    failures.push(error),
  )
  answers.push(new Error('no'))
  await failing.taken()
  t.ok(failing.over)
  t.match(failures, [{ message: 'no' }])
})

t.test('who fails is told nothing any more', async t => {
  const failures: unknown[] = []
  const subscriber: Subscriber = {
    event() {
      throw new Error('full')
    },
    progress() {},
    end() {},
  }
  const listener = new Listener(pullRequests, {}, '5', subscriber, error => failures.push(error))
  listener.tell(event('6'))
  listener.tell(event('7'))
  t.match(failures, [{ message: 'full' }])
  t.equal(failures.length, 1)
  const silent = new Listener(pullRequests, {}, '5', subscriber)
  silent.tell(event('6'))
  t.equal(silent.over, true)
})

t.test('an event finds those whom it concerns', async t => {
  const listeners = new Listeners()
  const { subscriber } = recorder()
  const scopes = [{}, { namespace: 'n' }, { name: 'a' }, { namespace: 'n', name: 'a' }]
  const all = scopes.map(scope => new Listener(pullRequests, scope, '5', subscriber))
  const second = new Listener(pullRequests, {}, '5', subscriber)
  const other = new Listener(resource('issues'), {}, '5', subscriber)
  for (const listener of [...all, second, other]) listeners.add(listener)
  const told = (one: FedEvent) => {
    const found = listeners.of(one)
    for (const listener of listeners.all()) t.equal(listener.wants(one), found.includes(listener))
    return found
      .map(listener => [...all, second, other].indexOf(listener))
      .toSorted((a, b) => a - b)
  }
  t.strictSame(told(event('6')), [0, 1, 2, 3, 4])
  t.strictSame(told(event('6', 'n', 'b')), [0, 1, 4])
  t.strictSame(told(event('6', 'm')), [0, 2, 4])
  t.strictSame(told(event('6', 'm', 'b')), [0, 4])
  t.strictSame(told(event('6', 'n', 'a', 'issues')), [5])
  t.equal(listeners.size, 6)
  listeners.remove(second)
  listeners.remove(second)
  listeners.remove(other)
  listeners.remove(other)
  t.equal(listeners.size, 4)
  t.strictSame(told(event('6')), [0, 1, 2, 3])
  t.equal(listeners.all().length, 4)
})
