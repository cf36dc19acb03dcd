import t from 'tap'
import { authorization } from '#src/apiserver/auth/authorizer.ts'

const jane = { username: 'jane', groups: ['dev'] }
const get = { verb: 'get', group: 'g', resource: 'runs', namespace: 'n', name: 'x' }
const whole = { ...get, version: 'v1', subresource: '', labelSelector: '', fieldSelector: '' }

/** Allows what stands in the list of verbs. */
function askingFor(...verbs: string[]) {
  const asked: string[] = []
  const authorizer = authorization(async review => {
    const text = JSON.stringify(review.spec)
    asked.push(text)
    return { ...review, status: { allowed: verbs.some(verb => text.includes(`"verb":"${verb}"`)) } }
  })
  return { ...authorizer, asked }
}

t.test('lets pass what is allowed, and asks once', async t => {
  const asking = askingFor('get')
  await Promise.all([asking.authorize(jane, whole), asking.authorize(jane, whole)])
  t.strictSame(await asking.reviewAccess(jane, whole), { allowed: true, reason: '' })
  t.equal(asking.asked.length, 1)
})

t.test('refuses the rest in the words of kube-apiserver, and asks once', async t => {
  const asking = askingFor('list')
  for (let round = 0; round < 2; round++)
    await t.rejects(asking.authorize(jane, whole), {
      code: 403,
      message:
        'runs.g "x" is forbidden: User "jane" cannot get resource "runs" in API group "g" in the namespace "n"',
    })
  t.strictSame(await asking.reviewAccess(jane, whole), { allowed: false, reason: '' })
  t.equal(asking.asked.length, 1)
})

t.test('another question or another person is another question', async t => {
  const asking = askingFor()
  for (const user of [jane, { ...jane, groups: ['ops'] }, { ...jane, extra: { a: ['b'] } }])
    for (const attributes of [get, { ...get, name: 'y' }, { ...get, fieldSelector: 'a=b' }])
      await asking.reviewAccess(user, attributes)
  t.equal(asking.asked.length, 9)
})

t.test('system:masters may do everything, and everybody may probe', async t => {
  const asking = askingFor()
  await asking.authorize({ username: 'root', groups: ['system:masters'] }, whole)
  t.match(await asking.reviewAccess({ username: 'root', groups: ['system:masters'] }, get), {
    allowed: true,
  })
  for (const path of ['/healthz', '/livez', '/readyz'])
    await asking.authorize({ username: 'system:anonymous' }, { path, verb: 'get' })
  t.strictSame(asking.asked, [])
  for (const path of ['/healthz/etcd', '/metrics', '/readyz/'])
    await t.rejects(asking.authorize({}, { path, verb: 'get' }), { code: 403 })
  t.equal(asking.asked.length, 3)
})

t.test('keeps no answer to a question as long as a book', async t => {
  const asking = askingFor('get')
  const long = { ...get, labelSelector: 'x'.repeat(10_000) }
  for (let round = 0; round < 2; round++)
    t.match(await asking.reviewAccess(jane, long), { allowed: true })
  t.equal(asking.asked.length, 2)
})

t.test('no answer is not an answer', async t => {
  const asking = authorization(() => Promise.reject(new Error('down')))
  for (let round = 0; round < 2; round++)
    await t.rejects(asking.authorize(jane, whole), { message: 'down' })
})

t.test('asks no more than 32 questions at a time', async t => {
  let [running, most] = [0, 0]
  const asking = authorization(async review => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setImmediate(resolve))
    running--
    return { ...review, status: { allowed: true } }
  })
  await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      asking.reviewAccess(jane, { ...get, name: `x${index}` }),
    ),
  )
  t.equal(most, 32)
})
