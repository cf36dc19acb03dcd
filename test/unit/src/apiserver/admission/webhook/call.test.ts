import t from 'tap'
import { callHook, CallingFailed } from '#src/apiserver/admission/webhook/call.ts'
import { hooksOf } from '#src/apiserver/admission/webhook/hook.ts'
import { WebhookTransport } from '#src/apiserver/admission/webhook/transport.ts'
import { attributesFor } from '#test/support/activity-admission/attributes.ts'
import { httpsServer } from '#test/support/activity-admission/https-server.ts'

let says: (uid: string) => { code?: number; response?: object } = () => ({})
const { url, ca, close } = await httpsServer((request, answer) => {
  let body = ''
  request.setEncoding('utf8').on('data', (part: string) => (body += part))
  request.on('end', () => {
    const { uid } = (JSON.parse(body) as { request: { uid: string } }).request
    const { code = 200, response } = says(uid)
    answer.writeHead(code, { 'content-type': 'application/json' })
    answer.end(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid, allowed: true, ...response },
      }),
    )
  })
})
const transport = new WebhookTransport()
t.teardown(() => {
  transport.close()
  close()
})
const hook = (more: object = {}) =>
  hooksOf({
    apiVersion: 'v1',
    kind: 'C',
    metadata: { name: 'c' },
    webhooks: [
      {
        name: 'h',
        clientConfig: { url, caBundle: Buffer.from(ca).toString('base64') },
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        ...more,
      },
    ],
  })[0]!
const call = (more: object = {}, attributes = attributesFor()) =>
  callHook(hook(more), attributes, transport, false)

t.test('passes warnings on', async t => {
  says = () => ({ response: { warnings: ['w'] } })
  const attributes = attributesFor()
  t.match(await call({}, attributes), { allowed: true })
  t.same(attributes.warnings, ['w'])
})

t.test('says who denied, and why', async t => {
  const denies = async (status: object | undefined, code: number, message: string, more = {}) => {
    says = () => ({ response: { allowed: false, status } })
    await t.rejects(call(), { code, message, ...more })
  }
  const denied = 'admission webhook "h" denied the request'
  await denies(undefined, 400, `${denied} without explanation`, { reason: '' })
  await denies({ reason: 'Why' }, 400, `${denied}: Why`, { reason: 'Why' })
  const details = { name: 'n' }
  await denies({ code: 403, message: 'no', details }, 403, `${denied}: no`, { details })
  await denies({ code: 200 }, 400, `${denied} without explanation`)
})

t.test('what is no answer failed', async t => {
  const fails = (more: object, words: RegExp) =>
    t.rejects(call(more), { constructor: CallingFailed, message: words })
  await fails({ admissionReviewVersions: ['v1beta1'] }, /could not create admission objects/)
  await fails({ clientConfig: {} }, /failed to call webhook: webhook configuration must have/)
  says = () => ({ code: 404 })
  await fails({}, /failed to call webhook: the server could not find/)
  says = () => ({ response: { uid: 'x' } })
  await fails({}, /received invalid webhook response: expected response.uid=/)
  says = () => ({ code: 100 })
})

t.test('a dry run asks nobody who acts on it', async t => {
  const attributes = attributesFor({ dryRun: true })
  says = () => ({})
  await call({}, attributes)
  await t.rejects(call({ sideEffects: 'Some' }, attributes), {
    code: 400,
    message: 'admission webhook "h" does not support dry run',
  })
})

t.test('says so where the request is over', async t => {
  await t.rejects(call({}, attributesFor({ signal: AbortSignal.abort() })), { code: 504 })
})
