import t from 'tap'
import { cpuMs, cpuMsIn } from '#hack/bench/process-cpu.ts'

t.test('user and kernel time are added up, whatever the command is called', async t => {
  const fields = 'S 1 2 3 0 -1 4194304 100 0 0 0 1234 56 0 0 20 0 11 0 9999'
  t.equal(cpuMsIn(`42 (node) ${fields}`), 12_900)
  t.equal(cpuMsIn(`42 (a) b) ${fields}`), 12_900)
})

t.test('no process uses no time', async t => {
  t.equal(cpuMs(undefined), 0)
})

t.test('a process that works uses time', { skip: process.platform !== 'linux' }, async t => {
  const before = cpuMs(process.pid)
  const end = performance.now() + 200
  while (performance.now() < end);
  t.ok(cpuMs(process.pid) > before)
})
