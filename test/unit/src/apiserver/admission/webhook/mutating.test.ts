import { pino } from 'pino'
import t from 'tap'
import { Context } from '#src/apiserver/admission/policy/context.ts'
import { askMutatingWebhooks, Rounds } from '#src/apiserver/admission/webhook/mutating.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { askedWebhook, configured } from '#test/support/activity-admission/asked-webhook.ts'
import { allows, attributesFor, thing } from '#test/support/activity-admission/attributes.ts'

/** By path: the text of a patch. */
const patches: Record<string, string> = {}
let patchType = 'JSONPatch'
const { asked, at, transport, close } = await askedWebhook(url => {
  const path = url.replace(/\?.*/, '')
  if (path === '/broken') return undefined
  const text = patches[path]
  const patch = text !== undefined && { patchType, patch: Buffer.from(text).toString('base64') }
  return { allowed: path !== '/no', ...patch }
})
t.teardown(close)
/** The paths that were asked since. */
const paths = () => asked.splice(0).map(url => url.replace(/\?.*/, ''))
const ask = (hooks: readonly object[], attributes = attributesFor(), rounds = new Rounds()) =>
  askMutatingWebhooks(configured(hooks), attributes, async () => undefined, rounds, {
    transport,
    log: pino({ level: 'silent' }),
    reconsider: (object: UnknownObject) => ({ ...object, reconsidered: true }),
    contextOf: each => new Context(each, allows),
  })
patches['/spec'] = '[{"op":"add","path":"/spec","value":{"a":1}}]'

t.test('each gets what the one before has made of it', async t => {
  const object = await ask([
    at('/spec'),
    at('/seen', { matchConditions: [{ name: 'c', expression: 'object.spec.a == 1' }] }),
    at('/unseen', { matchConditions: [{ name: 'c', expression: 'object.spec.a == 2' }] }),
  ])
  t.match(object, { spec: { a: 1 }, reconsidered: true })
  t.same(paths(), ['/spec', '/seen'])
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
  t.same(paths(), ['/a', '/b', '/spec', '/a'])
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
