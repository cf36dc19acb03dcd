import t from 'tap'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { overlaid } from '#src/check/overlay.ts'
import { cluster, now, team } from '#test/fixtures.ts'

const named = (name: string, displayName = name, slug = 'acme') =>
  team(slug, { metadata: { name }, spec: { displayName } })
const base = cluster(named('a'), named('c'), named('a', 'a', 'globex'))
const home = 'kradle-org-acme'

t.test('shows what is there and what comes, that first', async t => {
  const view = overlaid(base, [named('b'), named('c', 'new')])
  t.equal(view.now, now)
  t.equal(view.get(Team, 'a', home)?.spec.displayName, 'a')
  t.equal(view.get(Team, 'b', home)?.spec.displayName, 'b')
  t.equal(view.get(Team, 'c', home)?.spec.displayName, 'new')
  t.equal(view.get(Team, 'd', home), undefined)
  t.strictSame(
    view.list(Team, home).map(({ spec }) => spec.displayName),
    ['a', 'b', 'new'],
  )
  t.equal(view.list(Team).length, 4)
})

t.test('shows what is there of the one that is judged', async t => {
  const judged = named('c', 'new')
  const view = overlaid(base, [judged, named('b')], judged)
  t.equal(view.get(Team, 'c', home)?.spec.displayName, 'c')
  t.strictSame(
    view.list(Team, home).map(({ spec }) => spec.displayName),
    ['a', 'b', 'c'],
  )
})
