import t from 'tap'
import { grantOf, pods, secretOf, seeds } from '#hack/bench/pods.ts'
import { none } from '#hack/bench/setups/native.ts'
import { namespaceOf, referenceGroup, slugOf, teamsPath } from '#hack/bench/teams.ts'
import { referencesOf } from '#src/permissions/pod-references.ts'

const slug = slugOf(7)
const parsed = ({ body }: { body: Buffer }) => JSON.parse(body.toString()) as { spec: Grant }
type Grant = {
  secretRef: { name: string; keys: string[] }
  serviceAccountRef: string
  allowedRefs?: object
}
const keysOf = (write: { body: Buffer }) =>
  referencesOf(parsed(write).spec).map(({ name, key = '*' }) => `${name}/${key}`)

t.test('the Pod uses the two keys that one grant of its organisation is for', async t => {
  const pod = pods.write('two keys', slug, 'one')
  t.equal(pod.path, `/api/v1/namespaces/${namespaceOf(slug)}/pods`)
  t.strictSame(keysOf(pod), ['bench/a', 'bench/b'])
  const grants = Array.from({ length: 9 }, (_, index) => parsed(grantOf(slug, index, 9)).spec)
  const used = grants.filter(({ secretRef }) => secretRef.name === 'bench')
  t.match(used, [{ secretRef: { keys: ['a', 'b'] }, serviceAccountRef: 'default' }])
  t.equal(used[0]?.allowedRefs, undefined, 'a person states no ref')
})

t.test('grants differ in name and Secret, and belong to the organisation', async t => {
  const grants = [0, 1, 2].map(index => grantOf(slug, index, 3))
  t.equal(new Set(grants.map(({ body }) => body.toString())).size, 3)
  for (const grant of grants) {
    t.match(grant.path, `/namespaces/${namespaceOf(slug)}/agentsecretgrants`)
    t.match(parsed(grant), {
      metadata: { labels: { 'kradle.a5c.ai/org': slug } },
      spec: { organizationRef: slug },
    })
  }
})

t.test('the only grant of an organisation is the one that is used', async t => {
  t.equal(parsed(grantOf(slug, 0, 1)).spec.secretRef.name, 'bench')
})

t.test('the Secret has every key that is asked for, the ungranted one too', async t => {
  t.match(JSON.parse(secretOf(slug).body.toString()), {
    metadata: { name: 'bench' },
    stringData: { a: String, b: String, c: String },
  })
})

t.test('every probe takes something that is not granted', async t => {
  const probes = pods.probes(none('two keys'))
  t.ok(probes.length >= 5)
  for (const { title, write, isRight } of probes) {
    const taken = keysOf(write(slug, 'probe'))
    t.ok(
      taken.some(key => !['bench/a', 'bench/b'].includes(key)),
      `${title}: ${taken.join()}`,
    )
    t.equal(isRight({ status: 201, body: '{}' }, slug), true, 'nobody judges')
  }
})

t.test('the reference is nothing that anybody looks at, and both are emptied again', async t => {
  const reference = pods.reference(slug, 'one')
  t.equal(reference.path, teamsPath(referenceGroup, slug))
  t.strictSame(pods.collections(slug), [pods.write('two keys', slug, 'one').path, reference.path])
})

t.test('all organisations get their Secret and their share of the grants', async t => {
  const slugs = [slugOf(0), slugOf(1), slugOf(2)]
  const paths = [...seeds(slugs, 7)].map(({ path }) => path)
  t.strictSame(
    slugs.map(each => paths.filter(path => path.includes(`/${namespaceOf(each)}/agent`)).length),
    [3, 2, 2],
  )
  t.strictSame(
    paths.slice(0, 3),
    slugs.map(each => secretOf(each).path),
    'Secrets first',
  )
})

t.test('each organisation has exactly one grant that is used, whatever its share', async t => {
  for (const grants of [3, 7, 12]) {
    const used = [...seeds([slugOf(0), slugOf(1), slugOf(2)], grants)].filter(
      ({ path, body }) =>
        path.endsWith('/agentsecretgrants') &&
        (JSON.parse(body.toString()) as { spec: Grant }).spec.secretRef.name === 'bench',
    )
    t.equal(new Set(used.map(({ path }) => path)).size, 3, `${grants}`)
    t.equal(used.length, 3, `${grants}`)
  }
})
