import t from 'tap'
import { none } from '#hack/bench/setups/native.ts'
import type { Setup } from '#hack/bench/setups/setup.ts'
import {
  complete,
  foreign,
  isFilledIn,
  lacking,
  namespaceOf,
  referenceGroup,
  slugOf,
  teams,
  teamsPath,
} from '#hack/bench/teams.ts'

const slug = slugOf(7)

t.test('organisations have names of one length and namespaces of their own', async t => {
  t.equal(slug, 'bench-0007')
  t.equal(namespaceOf(slug), 'kradle-org-bench-0007')
})

t.test('only the complete Team says rightly whose it is', async t => {
  t.equal(isFilledIn(complete(slug, 'a').body.toString(), slug), true)
  t.equal(isFilledIn(lacking(slug, 'a').body.toString(), slug), false)
  t.equal(isFilledIn(foreign(slug, 'a').body.toString(), slug), false)
  t.equal(isFilledIn('{}', slug), false)
})

t.test('the reference is the same Team under another group', async t => {
  const [team, reference] = [complete(slug, 'a'), complete(slug, 'a', referenceGroup)]
  t.equal(reference.path, teamsPath(referenceGroup, slug))
  t.equal(
    reference.body.toString(),
    team.body.toString().replace('kradle.a5c.ai/v1alpha1', `${referenceGroup}/v1alpha1`),
  )
})

t.test('a Team without organisation tells who fills in', async t => {
  const lackingProbe = (setup: Setup) =>
    teams.probes(setup).find(({ title }) => /without/.test(title))!
  const filled = { status: 201, body: complete(slug, 'a').body.toString() }
  const unfilled = { status: 201, body: lacking(slug, 'a').body.toString() }
  const refused = { status: 422, body: '' }
  const nobody = none('complete')
  const fills = { ...nobody, shapes: ['complete', 'defaults'] as const }
  for (const [setup, answer, want] of [
    [nobody, refused, true],
    [nobody, filled, false],
    [fills, filled, true],
    [fills, unfilled, false],
    [fills, refused, false],
  ] as const)
    t.equal(lackingProbe(setup).isRight(answer, slug), want)
})

t.test('what is created is complete unless somebody has to fill in', async t => {
  t.strictSame(teams.write('complete', slug, 'a'), complete(slug, 'a'))
  t.strictSame(teams.write('defaults', slug, 'a'), lacking(slug, 'a'))
  t.strictSame(teams.reference(slug, 'a'), complete(slug, 'a', referenceGroup))
  t.strictSame(
    teams.collections(slug),
    [teams.write('complete', slug, 'a'), teams.reference(slug, 'a')].map(({ path }) => path),
  )
})
