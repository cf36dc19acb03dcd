import fc from 'fast-check'
import t from 'tap'
import { redact } from '#src/lib/redact.ts'

// The same cases every time: a build must not fail by luck.
fc.configureGlobal({ seed: 20261121 })

t.test('hides what may be a secret, wherever it is', async t => {
  const canary = 'canary-7c1'
  for (const key of [
    'data',
    'stringData',
    'token',
    'Authorization',
    'password',
    'caBundle',
    'tls.key',
    'body',
    'headers',
  ])
    t.notMatch(JSON.stringify(redact({ a: [{ [key]: { x: canary } }] })), canary, key)
})

t.test('leaves the rest as it is', async t => {
  const date = new Date()
  const plain = { a: [1, 'x', null, { b: true }], date, none: undefined }
  t.strictSame(redact(plain), plain)
  t.equal(redact('text'), 'text')
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'name'), fc.jsonValue({ maxDepth: 3 })),
      data =>
        t.same(
          JSON.stringify(redact(data)).includes('[redacted]'),
          /"(data|token|body)":/.test(JSON.stringify(data)),
        ),
    ),
  )
})

t.test('makes data of errors, without what hangs on them', async t => {
  const cause = Object.assign(new Error('below'), { code: 'ECONNRESET', reused: true })
  const error = Object.assign(new Error('above', { cause }), {
    code: 409,
    reason: 'Conflict',
    request: { body: 'hunter2' },
    response: 'hunter2',
  })
  const data = redact({ err: error })
  t.match(data, {
    err: {
      type: 'Error',
      message: 'above',
      code: 409,
      reason: 'Conflict',
      stack: /above/,
      cause: { message: 'below', code: 'ECONNRESET' },
    },
  })
  t.notMatch(JSON.stringify(data), 'hunter2')

  const bare = Object.assign(new Error('bare'), { code: { secret: 'hunter2' }, reason: [] })
  delete bare.stack
  t.strictSame(redact(bare), { type: 'Error', message: 'bare' })
})

t.test('comes to an end', async t => {
  const loop: Record<string, unknown> = {}
  loop['loop'] = loop
  t.match(JSON.stringify(redact(loop)), '[deep]')
})
