import t from 'tap'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { overlaid, type Overlay } from '#src/check/overlay.ts'
import { binding, cluster, now, team } from '#test/fixtures.ts'

const named = (name: string, displayName = name, slug = 'acme') =>
  team(slug, { metadata: { name }, spec: { displayName } })
const base = cluster(named('a'), named('c'), named('a', 'a', 'globex'))
const home = 'kradle-org-acme'

const shown = ({ view }: Overlay, namespace?: string) =>
  view.list(Team, namespace).map(({ spec }) => spec.displayName)

t.test('shows what is there until something is stored over it', async t => {
  const overlay = overlaid(base)
  const { view } = overlay
  t.equal(view.now, now)
  t.strictSame(shown(overlay, home), ['a', 'c'])
  t.equal(view.get(Team, 'b', home), undefined)
  overlay.store(named('b'))
  overlay.store(named('c', 'new'))
  overlay.store(binding())
  t.equal(view.get(Team, 'a', home)?.spec.displayName, 'a')
  t.equal(view.get(Team, 'b', home)?.spec.displayName, 'b')
  t.equal(view.get(Team, 'c', home)?.spec.displayName, 'new')
  t.equal(base.get(Team, 'c', home)?.spec.displayName, 'c', 'what is below stays')
  t.strictSame(shown(overlay, home), ['a', 'b', 'new'])
  t.strictSame(shown(overlay, 'kradle-org-globex'), ['a'])
  t.equal(view.list(Team).length, 4)
  overlay.store(named('c', 'newer'))
  t.strictSame(shown(overlay, home), ['a', 'b', 'newer'])
})

t.test('takes what has no name yet for objects of their own', async t => {
  const overlay = overlaid(base)
  overlay.store(named('', 'x'))
  overlay.store(named('', 'y'))
  t.strictSame(shown(overlay, home), ['x', 'y', 'a', 'c'])
  t.equal(overlay.view.get(Team, '', home), undefined)
})
