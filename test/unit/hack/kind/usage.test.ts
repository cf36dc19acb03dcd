import t from 'tap'
import { rowsOf, usageIn } from '#hack/kind/usage.ts'

const stats = (container: string, mebibytes: number, seconds: number) => ({
  attributes: {
    labels: {
      'io.kubernetes.pod.namespace': 'kradle-system',
      'io.kubernetes.pod.name': `${container}-x`,
      'io.kubernetes.container.name': container,
    },
  },
  cpu: { usageCoreNanoSeconds: { value: String(seconds * 1e9) } },
  memory: { workingSetBytes: { value: String(mebibytes * 2 ** 20) } },
})

t.test('containers of one name are one row', async t => {
  const usage = usageIn(
    JSON.stringify({
      stats: [
        stats('webhook', 60, 1),
        stats('webhook', 70, 2),
        stats('webhook', 0, 0),
        stats('a', 5, 0),
        stats('b', 1, 0),
      ],
    }),
  )
  t.strictSame(rowsOf(usage), [
    { name: 'a', pods: 1, mebibytes: 5, largest: 5, cpuSeconds: 0 },
    { name: 'b', pods: 1, mebibytes: 1, largest: 1, cpuSeconds: 0 },
    { name: 'webhook', pods: 2, mebibytes: 130, largest: 70, cpuSeconds: 3 },
  ])
})

t.test('one that has only begun has nothing to show', async t => {
  t.strictSame(usageIn('{}'), [])
  t.match(usageIn('{"stats":[{"attributes":{"labels":{}}}]}'), [{ workingSet: 0, cpuSeconds: 0 }])
})
