import t from 'tap'
import { bearerToken, keptTokens, type TokenReview } from '#src/apiserver/auth/token.ts'

t.test('reads the token of a Bearer header and of no other', async t => {
  for (const [header, token] of [
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['  Bearer abc  ', 'abc'],
    ['Bearer abc def', 'abc'],
    ['Bearer  abc', undefined],
    ['Bearer', undefined],
    ['Basic abc', undefined],
    ['', undefined],
    [undefined, undefined],
  ] as const)
    t.equal(bearerToken(header), token, String(header))
})

t.test('believes only a clear answer, and asks once for each token', async t => {
  const asked: string[] = []
  const answers: Record<string, TokenReview> = {
    good: { status: { authenticated: true, user: { username: 'jane', groups: ['dev'] } } },
    bad: { status: { authenticated: false, user: { username: 'jane' } } },
    nameless: { status: { authenticated: true, user: {} } },
    odd: { status: { authenticated: true } },
    empty: {},
  }
  const tokens = keptTokens(async token => {
    asked.push(token)
    return answers[token]!
  })
  for (let round = 0; round < 2; round++) {
    t.strictSame(await tokens('good'), { username: 'jane', groups: ['dev'] })
    for (const token of ['bad', 'nameless', 'odd', 'empty'])
      t.equal(await tokens(token), undefined, token)
  }
  t.strictSame(asked, ['good', 'bad', 'nameless', 'odd', 'empty'])
})

t.test('no answer is not kept', async t => {
  let asked = 0
  const tokens = keptTokens(async () => {
    if (++asked === 1) throw new Error('down')
    return { status: { authenticated: true, user: { username: 'jane' } } }
  })
  await t.rejects(tokens('a'), { message: 'down' })
  t.match(await tokens('a'), { username: 'jane' })
})
