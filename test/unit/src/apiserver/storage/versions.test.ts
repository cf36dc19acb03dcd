import { sql } from 'kysely'
import t from 'tap'
import { compiled } from '#src/apiserver/storage/database.ts'
import {
  compareVersions,
  floorOf,
  horizonOf,
  newestUpTo,
  nextOf,
  ownVersion,
} from '#src/apiserver/storage/versions.ts'

t.test('versions are compared as numbers of any size', async t => {
  for (const [a, b, want] of [
    ['1', '1', 0],
    ['9', '10', -1],
    ['10', '9', 1],
    ['9223372036854775806', '9223372036854775807', -1],
    ['', '1', -1],
    ['2', '1', 1],
  ] as const)
    t.equal(Math.sign(compareVersions(a, b)), want)
})

t.test('what is asked for is a parameter', async t => {
  t.strictSame(compiled(floorOf('issues')).parameters, ['issues'])
  for (const query of [horizonOf(sql`s`), nextOf(sql`s`), newestUpTo(sql`h`), ownVersion])
    t.strictSame(compiled(query).parameters, [])
})
