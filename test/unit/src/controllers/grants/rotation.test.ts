import t from 'tap'
import { rotationCondition, rotationOf } from '#src/controllers/grants/rotation.ts'
import { now } from '#test/fixtures.ts'
import { keysIn } from '#test/fixtures-agents.ts'

const entry = (time: string | undefined, field: string) => ({
  manager: 'kubectl',
  ...(time && { time }),
  fieldsV1: { [field]: {} },
})
const secret = (...managedFields: object[]) => keysIn('Secret', 'model', [], { managedFields })

t.test('the data is as old as its latest write', async t => {
  const written = secret(
    entry('2026-09-01T00:00:00Z', 'f:data'),
    entry('2026-10-01T00:00:00Z', 'f:data'),
    entry('2026-11-20T00:00:00Z', 'f:metadata'),
    entry(undefined, 'f:data'),
    {},
  )
  t.strictSame(rotationOf(written, 90, now), {
    lastRotatedAt: '2026-10-01T00:00:00Z',
    dueAt: '2026-12-30T00:00:00Z',
    overdue: false,
  })
  t.match(rotationOf(written, 30, now), { dueAt: '2026-10-31T00:00:00Z', overdue: true })
})

t.test('without a write that is known, as old as the Secret', async t => {
  for (const unknown of [secret(), keysIn('Secret', 'model', [])])
    t.strictSame(rotationOf(unknown, 20, now), {
      lastRotatedAt: '2026-11-01T00:00:00Z',
      dueAt: '2026-11-21T00:00:00Z',
      overdue: true,
    })
})

t.test('is due at the very instant', async t => {
  const at = secret(entry('2026-11-20T12:00:00Z', 'f:data'))
  t.ok(rotationOf(at, 1, now).overdue)
  t.notOk(rotationOf(at, 1, new Date(now.getTime() - 1)).overdue)
})

t.test('says so', async t => {
  const young = rotationOf(secret(entry('2026-11-20T00:00:00Z', 'f:data')), 90, now)
  t.match(rotationCondition(young, 90), { status: 'True', reason: 'Rotated' })
  t.match(rotationCondition({ ...young, overdue: true }, 90), {
    status: 'False',
    reason: 'RotationOverdue',
    message: /2026-11-20T00:00:00Z .* 2027-02-18T00:00:00Z, after 90 days; .*R58/,
  })
  t.match(rotationCondition(undefined, 90), { status: 'False', reason: 'SecretMissing' })
  t.match(rotationCondition(undefined, undefined), { status: 'True', reason: 'NoRotationPolicy' })
})
