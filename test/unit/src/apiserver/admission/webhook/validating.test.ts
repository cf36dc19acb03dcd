import { pino } from 'pino'
import t from 'tap'
import { Context } from '#src/apiserver/admission/policy/context.ts'
import { hooksOf } from '#src/apiserver/admission/webhook/hook.ts'
import { WebhookTransport } from '#src/apiserver/admission/webhook/transport.ts'
import { askValidatingWebhooks } from '#src/apiserver/admission/webhook/validating.ts'
import { allows, attributesFor } from '#test/support/activity-admission/attributes.ts'
import { httpsServer } from '#test/support/activity-admission/https-server.ts'

const asked: string[] = []
const { url, ca, close } = await httpsServer((request, answer) => {
  let body = ''
  request.setEncoding('utf8').on('data', (part: string) => (body += part))
  request.on('end', () => {
    asked.push(request.url!)
    if (request.url!.startsWith('/broken')) {
      request.socket.destroy()
      return
    }
    const { uid } = (JSON.parse(body) as { request: { uid: string } }).request
    const response = { uid, allowed: request.url!.startsWith('/yes') }
    answer.end(
      JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }),
    )
  })
})
const transport = new WebhookTransport()
t.teardown(() => {
  transport.close()
  close()
})
const rule = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }
const ask = (hooks: readonly object[], attributes = attributesFor()) =>
  askValidatingWebhooks(
    hooksOf({
      apiVersion: 'v1',
      kind: 'C',
      metadata: { name: 'c' },
      webhooks: hooks.map(hook => ({
        name: 'h',
        clientConfig: {},
        rules: [rule],
        admissionReviewVersions: ['v1'],
        ...hook,
      })),
    }),
    new Context(attributes, allows),
    async () => undefined,
    { transport, log: pino({ level: 'silent' }) },
  )
const at = (path: string, more: object = {}) => ({
  clientConfig: { url: url + path, caBundle: Buffer.from(ca).toString('base64') },
  ...more,
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
