import type { Kysely } from 'kysely'
import t from 'tap'
import { knownMigrations } from '#src/apiserver/storage/known-migrations.ts'
import { migrations } from '#src/apiserver/storage/migrations.ts'

const ours = Object.keys(migrations)

t.test('knows ours, recorded or not', async t => {
  t.strictSame(knownMigrations([]), migrations)
  t.strictSame(knownMigrations(ours), migrations)
})

t.test('takes what a newer process has done as done', async t => {
  const known = knownMigrations([...ours, '9998-more', '9999-later'])
  t.strictSame(Object.keys(known), [...ours, '9998-more', '9999-later'])
  t.match(known, migrations)
  t.equal(await known['9999-later']!.up({} as Kysely<unknown>), undefined)
})

t.test('does not know what comes between or before ours', async t => {
  t.strictSame(knownMigrations(['0000-first', ...ours, '0001-zzz']), migrations)
})
