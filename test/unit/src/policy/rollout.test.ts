import t from 'tap'
import { rolloutOf } from '#src/policy/rollout.ts'
import { binding, profile, template } from '#test/fixtures-policy.ts'
import { now } from '#test/fixtures.ts'

const first = profile({ defaultTemplates: ['titles'] })
const at = (day: number) => new Date(`2026-12-${String(day).padStart(2, '0')}T12:00:00Z`)

t.test(
  'a binding that asks to audit audits, and one without a profile does what it asks',
  async t => {
    t.strictSame(rolloutOf(template(), binding({ mode: 'audit' }), first, now), { mode: 'audit' })
    t.strictSame(rolloutOf(template(), binding(), undefined, now), { mode: 'enforce' })
  },
)

t.test('a profile that audits lets nothing enforce', async t => {
  t.match(rolloutOf(template(), binding(), profile({ mode: 'audit' }), now), {
    mode: 'audit',
    reason: /PolicyProfile "standard" has mode "audit"/,
  })
})

t.test('default templates report first, from the creation of the binding on', async t => {
  const rollout = rolloutOf(template(), binding(), first, at(3))
  t.match(
    rollout,
    { mode: 'audit', enforceAfter: '2026-12-04T12:00:00Z', reason: /for 14 days/ },
    'not yet',
  )
})

t.test('and enforce from then on', async t => {
  t.strictSame(rolloutOf(template(), binding(), first, at(5)), { mode: 'enforce' })
  const { creationTimestamp: _, ...metadata } = binding().metadata
  t.match(rolloutOf(template(), { ...binding(), metadata }, first, now), {
    mode: 'audit',
    enforceAfter: '2026-12-05T12:00:00Z',
  })
})

t.test('others enforce at once, and all of them where the profile says so', async t => {
  t.strictSame(rolloutOf(template(), binding(), profile(), now), { mode: 'enforce' })
  t.strictSame(
    rolloutOf(
      template(),
      binding(),
      profile({ defaultTemplates: ['titles'], rolloutMode: 'immediate' }),
      now,
    ),
    { mode: 'enforce' },
  )
})
