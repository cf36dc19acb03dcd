import t from 'tap'
import { isAllowedProxy, remoteUser } from '#src/apiserver/auth/front-proxy.ts'

const names = {
  allowedNames: ['front-proxy-client'],
  username: ['x-remote-user', 'x-user'],
  uid: ['x-remote-uid'],
  group: ['x-remote-group', 'x-group'],
  extraPrefixes: ['x-remote-extra-'],
}

t.test('any name will do where none is listed', async t => {
  t.ok(isAllowedProxy('front-proxy-client', names))
  t.notOk(isAllowedProxy('admin', names))
  t.notOk(isAllowedProxy('', names))
  t.ok(isAllowedProxy('admin', { ...names, allowedNames: [] }))
})

t.test('reads user, uid, groups of all headers and lines, and extras', async t => {
  t.strictSame(
    remoteUser(
      {
        'x-remote-user': ['jane', 'ignored'],
        'x-remote-uid': ['42'],
        'x-remote-group': ['a', '', 'b, c'],
        'x-group': ['d'],
        'x-remote-extra-scopes': ['one', 'two'],
        'x-remote-extra-example.com%2fkey': ['v'],
        'x-remote-extra-100%': ['odd'],
        'x-remote-extra-__proto__': ['p'],
        'x-other': ['x'],
      },
      names,
    ),
    {
      username: 'jane',
      uid: '42',
      groups: ['a', 'b, c', 'd'],
      extra: Object.fromEntries([
        ['scopes', ['one', 'two']],
        ['example.com/key', ['v']],
        ['100%', ['odd']],
        ['__proto__', ['p']],
      ]),
    },
  )
})

t.test('adds up extras of several prefixes', async t => {
  const user = remoteUser(
    { 'x-remote-user': ['jane'], 'a-key': ['1'], 'b-key': ['2'], 'b-none': undefined },
    { ...names, extraPrefixes: ['a-', 'b-'] },
  )
  t.strictSame(user?.extra, { key: ['1', '2'], none: [] })
})

t.test('the first header with a value names the user', async t => {
  t.strictSame(remoteUser({ 'x-remote-user': [''], 'x-user': ['joe'] }, names), {
    username: 'joe',
    groups: [],
  })
  t.equal(remoteUser({ 'x-remote-group': ['system:masters'] }, names), undefined)
})

t.test('reads the bytes of UTF-8 that Node takes for Latin-1', async t => {
  const sent = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
  const user = remoteUser(
    { 'x-remote-user': [sent('jürgen')], 'x-remote-group': [sent('ß')] },
    names,
  )
  t.strictSame(user, { username: 'jürgen', groups: ['ß'] })
})
