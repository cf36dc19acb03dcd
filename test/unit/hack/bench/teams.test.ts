import t from 'tap'
import {
  complete,
  foreign,
  isFilledIn,
  lacking,
  namespaceOf,
  referenceGroup,
  slugOf,
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
