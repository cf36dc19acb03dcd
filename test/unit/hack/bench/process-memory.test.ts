import t from 'tap'
import { memoryIn, memoryOf } from '#hack/bench/process-memory.ts'

t.test('resident and greatest memory are told in MiB', async t => {
  const status = 'Name:\tVmRSS:\nVmPeak:\t 9999 kB\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\n'
  t.strictSame(memoryIn(status), { resident: 100, peak: 200 })
})

t.test('a process has some', { skip: process.platform !== 'linux' }, async t => {
  const { resident, peak } = memoryOf(process.pid)
  t.ok(resident > 10)
  t.ok(peak >= resident)
})
