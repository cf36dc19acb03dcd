import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { TokenFile } from '#src/lib/token-file.ts'

t.test('follows the file, half a minute behind', async t => {
  let now = 0
  const clock = { now: () => now, after: () => () => {} }
  const path = join(t.testdir({ token: 'first\n' }), 'token')
  const file = new TokenFile(path, clock)
  t.equal(await file.token(), 'first')
  writeFileSync(path, 'second')
  now = 29_000
  t.equal(await file.token(), 'first')
  now = 30_000
  t.equal(await file.token(), 'second')

  writeFileSync(path, 'third')
  file.forget()
  t.equal(await file.token(), 'third', 'at once where it was refused')

  writeFileSync(path, '')
  file.forget()
  t.equal(await file.token(), 'third', 'not while it is being rewritten')
  rmSync(path)
  file.forget()
  t.equal(await file.token(), 'third', 'nor while it is gone')
})

t.test('fails where there never was a token', async t => {
  const folder = t.testdir({ empty: '' })
  await t.rejects(new TokenFile(join(folder, 'none')).token(), { code: 'ENOENT' })
  t.equal(await new TokenFile(join(folder, 'empty')).token(), '')
})
