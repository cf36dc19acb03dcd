import t from 'tap'
import { elapsed, progressOn, quiet } from '#hack/local/progress.ts'

function output(isTTY: boolean) {
  const written: string[] = []
  return { written, isTTY, write: (text: string) => written.push(text) }
}

for (const [milliseconds, want] of [
  [0, '0 s'],
  [59_400, '59 s'],
  [61_000, '1 min 1 s'],
  [222_000, '3 min 42 s'],
] as const) {
  t.equal(elapsed(milliseconds), want)
}

t.test('a log gets whole lines', async t => {
  const log = output(false)
  let now = 0
  const progress = progressOn(log, () => now)
  progress.line('hello')
  t.equal(await progress.task('building kubectl', async () => ((now = 90_000), 7)), 7)
  t.same(log.written, [
    'hello\n',
    'building kubectl 0 s\n',
    'building kubectl: done after 1 min 30 s\n',
  ])
})

t.test('a terminal gets one line that is rewritten', async t => {
  const terminal = output(true)
  await progressOn(terminal, () => 0).task('downloading etcd', async note => {
    note('40 %')
    await new Promise(done => setTimeout(done, 1100))
  })
  t.same(terminal.written, [
    '\r\u001b[2Kdownloading etcd 0 s',
    '\r\u001b[2Kdownloading etcd (40 %) 0 s',
    '\r\u001b[2Kdownloading etcd: done after 0 s\n',
  ])
})

t.test('a failure is told and passed on', async t => {
  const log = output(false)
  const broken = progressOn(log, () => 0).task('building', async () => {
    throw new Error('no Go')
  })
  await t.rejects(broken, { message: 'no Go' })
  t.same(log.written.at(-1), 'building: failed after 0 s\n')
})

t.test('in tests it is quiet', async t => {
  quiet.line('hello')
  t.equal(
    await quiet.task('work', async note => {
      note('half')
      return 1
    }),
    1,
  )
})
