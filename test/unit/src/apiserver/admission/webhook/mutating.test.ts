import { pino } from 'pino'
import t from 'tap'
import { Context } from '#src/apiserver/admission/policy/context.ts'
import { hooksOf } from '#src/apiserver/admission/webhook/hook.ts'
import { askMutatingWebhooks, Rounds } from '#src/apiserver/admission/webhook/mutating.ts'
import { WebhookTransport } from '#src/apiserver/admission/webhook/transport.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { allows, attributesFor, thing } from '#test/support/activity-admission/attributes.ts'
import { httpsServer } from '#test/support/activity-admission/https-server.ts'

const asked: string[] = []
/** By path: the text of a patch. */
const patches: Record<string, string> = {}
let patchType = 'JSONPatch'
const { url, ca, close } = await httpsServer((request, answer) => {
  let body = ''
  request.setEncoding('utf8').on('data', (part: string) => (body += part))
  request.on('end', () => {
    const path = request.url!.replace(/\?.*/, '')
    asked.push(path)
    if (path === '/broken') {
      request.socket.destroy()
      return
    }
    const { uid } = (JSON.parse(body) as { request: { uid: string } }).request
    const text = patches[path]
    const patch = text !== undefined && {
      patchType,
      patch: Buffer.from(text).toString('base64'),
    }
    const response = { uid, allowed: path !== '/no', ...patch }
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
const ask = (hooks: readonly object[], attributes = attributesFor(), rounds = new Rounds()) =>
  askMutatingWebhooks(
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
    attributes,
    async () => undefined,
    rounds,
    {
      transport,
      log: pino({ level: 'silent' }),
      reconsider: (object: UnknownObject) => ({ ...object, reconsidered: true }),
      contextOf: each => new Context(each, allows),
    },
  )
const at = (path: string, more: object = {}) => ({
  clientConfig: { url: url + path, caBundle: Buffer.from(ca).toString('base64') },
  ...more,
})
patches['/spec'] = '[{"op":"add","path":"/spec","value":{"a":1}}]'

t.test('each gets what the one before has made of it', async t => {
  const object = await ask([
    at('/spec'),
    at('/seen', { matchConditions: [{ name: 'c', expression: 'object.spec.a == 1' }] }),
    at('/unseen', { matchConditions: [{ name: 'c', expression: 'object.spec.a == 2' }] }),
  ])
  t.match(object, { spec: { a: 1 }, reconsidered: true })
  t.same(asked.splice(0), ['/spec', '/seen'])
  t.same(await ask([at('/nothing')]), thing())
})

t.test('who wants to be asked again is, where others changed it', async t => {
  const rounds = new Rounds()
  const again = { reinvocationPolicy: 'IfNeeded' }
  const hooks = [at('/a', again), at('/b'), at('/spec', again)]
  asked.length = 0
  const object = await ask(hooks, attributesFor(), rounds)
  t.equal(rounds.hasChanged, true)
  rounds.beginSecond()
  await ask(hooks, attributesFor({ object }), rounds)
  t.same(asked.splice(0), ['/a', '/b', '/spec', '/a'])
  const quiet = new Rounds()
  patches['/same'] = '[{"op":"add","path":"/kind","value":"Thing"}]'
  await ask([at('/same')], attributesFor(), quiet)
  t.equal(quiet.hasChanged, false)
})

t.test('patches that are none', async t => {
  const fails = async (patch: string, message: RegExp) => {
    patches['/bad'] = patch
    await t.rejects(ask([at('/bad')]), { code: 500, message }, patch)
  }
  await fails('nonsense', /received undecodable patch in webhook response: /)
  await fails('{}', /received undecodable patch in webhook response: json: cannot unmarshal/)
  await fails('[{"op":"test","path":"/kind","value":1}]', /testing value \/kind failed/)
  await fails('[{"op":"remove","path":"/metadata"}]', /leaves no object/)
  await fails('[{"op":"add","path":"/metadata","value":[]}]', /leaves no object/)
  patchType = 'Merge'
  await fails('[{}]', /unsupported patch type "Merge"/)
  patchType = 'JSONPatch'
  for (const patch of ['null', '[]']) {
    patches['/bad'] = patch
    t.same(await ask([at('/bad')]), thing())
  }
})

t.test('what goes cannot be changed', async t => {
  const attributes = attributesFor({ operation: 'DELETE', object: undefined, oldObject: thing() })
  await t.rejects(ask([at('/spec')], attributes), {
    message:
      'Internal error occurred: admission webhook "h" attempted to modify the object, which is not supported for this operation',
  })
  t.equal(await ask([at('/nothing')], attributes), undefined)
})

t.test('who denies, and who cannot be asked', async t => {
  await t.rejects(ask([at('/no')]), { code: 400 })
  await t.rejects(ask([at('/broken')]), { code: 500, message: /failed calling webhook "h"/ })
  t.same(await ask([at('/broken', { failurePolicy: 'Ignore' })]), thing())
})
