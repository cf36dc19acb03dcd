import t from 'tap'
import { anonymous, authenticated } from '#src/apiserver/auth/user.ts'

t.test('everybody who is known is authenticated', async t => {
  t.strictSame(authenticated({ username: 'jane' }), {
    username: 'jane',
    groups: ['system:authenticated'],
  })
  t.strictSame(authenticated({ username: 'jane', uid: '1', groups: ['dev'] }), {
    username: 'jane',
    uid: '1',
    groups: ['dev', 'system:authenticated'],
  })
})

t.test('but not twice, and not whoever is anonymous', async t => {
  for (const user of [
    anonymous,
    { username: 'system:anonymous', groups: ['dev'] },
    { username: 'jane', groups: ['system:authenticated', 'dev'] },
    { username: 'jane', groups: ['system:unauthenticated'] },
  ])
    t.equal(authenticated(user), user)
})
