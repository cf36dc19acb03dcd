import t from 'tap'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import rule from '#webhooks/identitymapping/subject-is-unique.ts'

const mapping = (
  name: string,
  user: string,
  subject: string,
  slug = 'acme',
  provider = 'kubernetes',
) =>
  objectOf(IdentityMapping, {
    metadata: { name, namespace: `kradle-org-${slug}` },
    spec: { organizationRef: slug, user, provider, subject },
  })
const create = request('CREATE', IdentityMapping, mapping('new', 'jane', 'jane@acme'))

t.test('passes where nobody else has the subject', async t => {
  const others = cluster(
    mapping('a', 'joe', 'joe@acme'),
    mapping('b', 'joe', 'jane@acme', 'acme', 'github'),
    mapping('c', 'joe', 'jane@acme', 'globex'),
    mapping('d', 'jane', 'jane@acme'),
  )
  t.strictSame(rule.decide(create, others), [])
})

t.test('refuses a subject that is another User', async t => {
  t.match(rule.decide(create, cluster(mapping('old', 'joe', 'jane@acme'))), [
    { rule: 'R42', field: 'spec.subject', value: 'jane@acme', problem: /User "joe" by .* "old"/ },
  ])
})
