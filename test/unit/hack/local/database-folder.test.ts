import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { databaseFolder, removeDatabaseFolder } from '#hack/local/database-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'kradle-folder-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))
const isRoot = process.getuid?.() === 0

t.test('is where it is wanted', async t => {
  chmodSync(root, 0o700)
  t.equal(databaseFolder(join(root, 'home/postgres'), false), join(root, 'home/postgres'))
  chmodSync(root, 0o755)
  t.equal(databaseFolder(join(root, 'home/postgres'), true), join(root, 'home/postgres'))
  t.equal(databaseFolder(join(root, 'home/postgres')), join(root, 'home/postgres'))
})

t.test('is elsewhere for root where nobody else may pass', { skip: !isRoot }, async t => {
  const home = join(root, 'closed')
  mkdirSync(home, { mode: 0o700 })
  const wanted = join(home, 'postgres')
  const folder = databaseFolder(wanted, true)
  t.match(folder, /^\/var\/lib\/kradle\/[0-9a-f]{16}$/)
  t.ok(lstatSync(wanted).isSymbolicLink())
  t.equal(databaseFolder(wanted, true), folder, 'and stays there')
  mkdirSync(join(folder, 'data'))
  removeDatabaseFolder(wanted)
  t.notOk(existsSync(folder))
  t.notOk(lstatSync(wanted, { throwIfNoEntry: false }))
})

t.test('is removed with what is in it', async t => {
  const wanted = join(root, 'plain')
  mkdirSync(join(wanted, 'data'), { recursive: true })
  removeDatabaseFolder(wanted)
  t.notOk(existsSync(wanted))
  removeDatabaseFolder(wanted)
})
