import t from 'tap'
import { continueTokens } from '#src/apiserver/read/continue-token.ts'
import { testResource } from '#test/support/activity-memory.ts'

const tokens = continueTokens(Buffer.alloc(32, 7))
const list = (query = '', namespace = 'a') => ({
  verb: 'list' as const,
  resource: testResource(),
  subresource: '',
  namespace,
  name: '',
  query: new URLSearchParams(query),
})
const after = { namespace: 'a', name: 'n' }

t.test('goes on where it was', async t => {
  const token = tokens.write(list(), { at: '9007199254740993', after })
  t.match(token, /^[\w-]+\.[\w-]+$/)
  t.strictSame(tokens.read(list('limit=9'), token), { at: '9007199254740993', after })
  t.match(JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()), {
    v: 'kradle/v1',
    rv: '9007199254740993',
    start: 'a/n\0',
  })
})

t.test('or at what is there now', async t => {
  const token = tokens.write(list(), { at: undefined, after })
  t.strictSame(tokens.read(list(), token), { at: undefined, after })
  const cluster = tokens.write(list('', ''), { at: '5', after: { namespace: '', name: 'n' } })
  t.strictSame(tokens.read(list('', ''), cluster).after, { namespace: '', name: 'n' })
})

t.test('nobody makes one, or takes it elsewhere', async t => {
  const token = tokens.write(list('labelSelector=x'), { at: '5', after })
  const [payload, signature] = token.split('.') as [string, string]
  const forged = Buffer.from('{"v":"kradle/v1","rv":"5","start":"b/n"}').toString('base64url')
  const wrong = { code: 400, message: 'invalid continue token: continue key is not valid' }
  for (const bad of ['', 'x', payload, `${forged}.${signature}`, `${payload}.`, '.', '..', 'é.ü'])
    t.throws(() => tokens.read(list('labelSelector=x'), bad), wrong, bad)
  t.throws(() => tokens.read(list('labelSelector=y'), token), wrong)
  t.throws(() => tokens.read(list('labelSelector=x', 'b'), token), wrong)
  const other = continueTokens(Buffer.alloc(32, 8)).write(list(), { at: '5', after })
  t.throws(() => tokens.read(list(), other), wrong)
})
