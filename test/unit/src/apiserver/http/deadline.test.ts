import t from 'tap'
import { timeoutMs, within } from '#src/apiserver/http/deadline.ts'

t.test('a client may ask for less time, never for more', async t => {
  const of = (timeout: string) => timeoutMs(new URLSearchParams({ timeout }), 34_000)
  t.equal(timeoutMs(new URLSearchParams(), 34_000), 34_000)
  for (const [text, want] of Object.entries({
    '': 34_000,
    '1s': 1_000,
    '1m30s': 34_000,
    '0s': 34_000,
    '-3s': 34_000,
    '1us': 1,
  }))
    t.equal(of(text), want, text)
  t.throws(() => of('soon'), {
    code: 400,
    message: 'invalid timeout specified in the request URL - time: invalid duration "soon"',
  })
})

t.test('waits for a task, but not beyond the signal', async t => {
  const controller = new AbortController()
  t.equal(await within(controller.signal, Promise.resolve(3)), 3)
  await t.rejects(within(controller.signal, Promise.reject(new Error('no'))), { message: 'no' })
  const never = within(controller.signal, new Promise(() => undefined))
  controller.abort(new Error('over'))
  await t.rejects(never, { message: 'over' })
  await t.rejects(within(controller.signal, new Promise(() => undefined)), { message: 'over' })
})
