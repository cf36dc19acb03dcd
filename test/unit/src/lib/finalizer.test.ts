import t from 'tap'
import { finalizersFor } from '#src/lib/finalizer.ts'

const object = (metadata: object) => ({
  apiVersion: 'v1',
  kind: 'Thing',
  metadata: { name: 'a', ...metadata },
})
const deletionTimestamp = '2026-11-21T12:00:00Z'

t.test('holds and releases, and leaves those of others alone', async t => {
  const cases = [
    { has: undefined, wish: 'hold', want: ['ours'] },
    { has: ['theirs'], wish: 'hold', want: ['theirs', 'ours'] },
    { has: ['ours', 'theirs'], wish: 'hold', want: undefined },
    { has: ['ours', 'theirs'], wish: 'release', want: ['theirs'] },
    { has: ['theirs'], wish: 'release', want: undefined },
    { has: undefined, wish: 'release', want: undefined },
  ] as const
  for (const { has, wish, want } of cases)
    t.strictSame(finalizersFor(object(has ? { finalizers: [...has] } : {}), 'ours', wish), want)
})

t.test('does not hold what is on its way out', async t => {
  t.equal(finalizersFor(object({ deletionTimestamp }), 'ours', 'hold'), undefined)
  const going = object({ deletionTimestamp, finalizers: ['ours'] })
  t.strictSame(finalizersFor(going, 'ours', 'release'), [])
})
