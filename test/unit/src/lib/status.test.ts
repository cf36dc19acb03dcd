import t from 'tap'
import type { Condition, Status } from '#src/api/object.ts'
import type { ConditionInput } from '#src/lib/controller.ts'
import { changedConditions, isReported, statusOf } from '#src/lib/status.ts'

const now = new Date('2026-11-21T12:00:00.123Z')
const earlier = '2026-11-20T08:00:00Z'
const input = (
  type: string,
  status: 'True' | 'False' = 'True',
  reason = 'Fine',
): ConditionInput => ({
  type,
  status,
  reason,
  message: 'All is well',
})
const condition = (type: string, more: Partial<Condition> = {}): Condition => ({
  ...input(type),
  observedGeneration: 3,
  lastTransitionTime: earlier,
  ...more,
})
const live: Status = {
  phase: 'Ready',
  storage: 'etcd',
  observedGeneration: 3,
  conditions: [condition('Ready'), condition('Others', { reason: 'TheirOwn' })],
}

t.test('a first status has everything', async t => {
  const planned = { phase: 'Ready', conditions: [input('Synced'), input('Ready')] }
  t.strictSame(statusOf(planned, undefined, 3, now), {
    phase: 'Ready',
    storage: 'etcd',
    observedGeneration: 3,
    conditions: [
      condition('Ready', { lastTransitionTime: '2026-11-21T12:00:00Z' }),
      condition('Synced', { lastTransitionTime: '2026-11-21T12:00:00Z' }),
    ],
  })
})

t.test('the time of transition moves with the status alone', async t => {
  const timeOf = (planned: ConditionInput) =>
    statusOf({ phase: 'x', conditions: [planned] }, live, 4, now).conditions?.[0]
      ?.lastTransitionTime
  t.equal(timeOf(input('Ready', 'True', 'Other')), earlier)
  t.equal(timeOf(input('Ready', 'False')), '2026-11-21T12:00:00Z')
})

t.test('a status that stands is not reported again', async t => {
  const planned = { phase: 'Ready', conditions: [input('Ready')] }
  t.ok(isReported(statusOf(planned, live, 3, now), live), 'whatever others say')
  t.notOk(isReported(statusOf(planned, live, 4, now), live), 'a new generation is seen')
  t.notOk(isReported(statusOf({ ...planned, phase: 'Other' }, live, 3, now), live))
  const other = { ...planned, conditions: [input('Ready', 'True', 'Other')] }
  t.notOk(isReported(statusOf(other, live, 3, now), live))
  t.notOk(isReported(statusOf(planned, undefined, 3, now), undefined))
  t.notOk(isReported(statusOf(planned, {}, 3, now), { ...live, conditions: undefined as never }))
  t.ok(isReported({ phase: 'Ready' }, live), 'without conditions too')
})

t.test(
  'fields of a kind stand beside the phase, and count for whether a status stands',
  async t => {
    const planned = (fields: Record<string, unknown>) => ({
      phase: 'Ready',
      conditions: [input('Ready')],
      fields,
    })
    const consumers = [{ kind: 'Pod', name: 'a' }]
    const wanted = statusOf(planned({ consumers }), live, 3, now)
    t.match(wanted, { phase: 'Ready', consumers })
    t.notOk(isReported(wanted, live))
    const reported: Status = { ...live, ...wanted }
    t.ok(isReported(statusOf(planned({ consumers: [...consumers] }), live, 3, now), reported))
    t.ok(isReported(statusOf(planned({}), live, 3, now), reported), 'a field left out is not ours')
    const taken = statusOf(planned({ consumers: undefined }), live, 3, now)
    t.notOk(isReported(taken, reported), 'undefined takes it away')
    t.ok(isReported(taken, live))
    t.equal(statusOf(planned({ phase: 'Hacked' }), live, 3, now).phase, 'Ready')
  },
)

t.test('people hear of a new status or reason, not of a new generation', async t => {
  const typesOf = (conditions: ConditionInput[], generation = 3) =>
    changedConditions(statusOf({ phase: 'x', conditions }, live, generation, now), live).map(
      ({ type }) => type,
    )
  t.strictSame(typesOf([input('Ready')], 4), [])
  t.strictSame(typesOf([input('Ready', 'False')]), ['Ready'])
  t.strictSame(typesOf([input('Ready', 'True', 'Other')]), ['Ready'])
  t.strictSame(typesOf([input('New'), input('Ready')]), ['New'])
  t.strictSame(changedConditions({}, live), [])
})
