import t from 'tap'
import { Milestones } from '#src/apiserver/storage/milestones.ts'

t.test('whoever waits goes on when his version has been reached', async t => {
  const milestones = new Milestones()
  const { signal } = new AbortController()
  const passed: string[] = []
  const waiting = ['9', '10', '11'].map(version =>
    milestones.wait(version, signal).then(() => passed.push(version)),
  )
  milestones.reach('8')
  milestones.reach('10')
  await Promise.all(waiting.slice(0, 2))
  t.strictSame(passed, ['9', '10'])
  milestones.reach('11')
  await waiting[2]
  t.strictSame(passed, ['9', '10', '11'])
})

t.test('nobody waits beyond his signal', async t => {
  const milestones = new Milestones()
  const reason = new Error('gone')
  await t.rejects(milestones.wait('9', AbortSignal.abort(reason)), reason)
  const controller = new AbortController()
  const waiting = milestones.wait('9', controller.signal)
  controller.abort(reason)
  await t.rejects(waiting, reason)
  milestones.reach('9')
})
