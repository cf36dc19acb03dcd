import { pino } from 'pino'
import t from 'tap'
import { Context } from '#src/apiserver/admission/policy/context.ts'
import { askValidatingWebhooks } from '#src/apiserver/admission/webhook/validating.ts'
import { askedWebhook, configured } from '#test/support/activity-admission/asked-webhook.ts'
import { allows, attributesFor } from '#test/support/activity-admission/attributes.ts'

const { asked, at, transport, close } = await askedWebhook(url =>
  url.startsWith('/broken') ? undefined : { allowed: url.startsWith('/yes') },
)
t.teardown(close)
const ask = (hooks: readonly object[], attributes = attributesFor()) =>
  askValidatingWebhooks(configured(hooks), new Context(attributes, allows), async () => undefined, {
    transport,
    log: pino({ level: 'silent' }),
  })

t.test('asks all that are for the write', async t => {
  await ask([at('/no', { rules: [] })])
  t.same(asked, [])
  await ask([at('/yes-1'), at('/yes-2')])
  t.same(asked.splice(0).toSorted(), ['/yes-1?timeout=10s', '/yes-2?timeout=10s'])
})

t.test('the first to deny is told of', async t => {
  await t.rejects(ask([at('/yes'), at('/no'), at('/broken')]), {
    message: 'admission webhook "h" denied the request without explanation',
  })
})

t.test('who cannot be asked follows the failurePolicy', async t => {
  await t.rejects(ask([at('/broken')]), {
    code: 500,
    message: /^Internal error occurred: failed calling webhook "h": failed to call webhook: Post/,
  })
  await ask([at('/broken', { failurePolicy: 'Ignore' })])
  await t.rejects(ask([at('/yes')], attributesFor({ signal: AbortSignal.abort() })), { code: 504 })
})
