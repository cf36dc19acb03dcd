import t from 'tap'
import { holdsCredential } from '#webhooks/credentials.ts'

t.test('knows what looks like a credential, and leaves plain writing alone', async t => {
  for (const text of [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    `a token ghp_${'a1B2'.repeat(10)} of GitHub`,
    `AKIA${'ABCD'.repeat(4)}`,
    'Authorization: Bearer abcdefghij',
    'https://jane:hunter2@git.example/app',
  ])
    t.ok(holdsCredential(text), text)
  for (const text of ['', 'spec.keys: "token" is no key', 'https://git.example/app', 'ghp_short'])
    t.notOk(holdsCredential(text), text)
})
