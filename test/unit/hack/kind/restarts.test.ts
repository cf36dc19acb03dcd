import t from 'tap'
import { restartsIn } from '#hack/kind/restarts.ts'

const pod = (name: string, ...containerStatuses: object[]) => ({
  metadata: { name },
  status: { containerStatuses },
})

t.test('who began again is named, and why', async t => {
  const terminated = { reason: 'OOMKilled', exitCode: 137 }
  const items = [
    pod('a', { name: 'calm', restartCount: 0 }),
    pod('b', { name: 'big', restartCount: 2, lastState: { terminated } }),
    pod('c', { name: 'odd', restartCount: 1, lastState: { terminated: { exitCode: 1 } } }),
    pod('d', { name: 'lost', restartCount: 1, lastState: {} }, { name: 'new', restartCount: 1 }),
    { metadata: { name: 'waits' }, status: {} },
  ]
  t.strictSame(restartsIn(JSON.stringify({ items })), [
    { pod: 'b', container: 'big', times: 2, why: 'OOMKilled, exit code 137' },
    { pod: 'c', container: 'odd', times: 1, why: 'ended, exit code 1' },
    { pod: 'd', container: 'lost', times: 1, why: 'nobody knows why' },
    { pod: 'd', container: 'new', times: 1, why: 'nobody knows why' },
  ])
})
