import t from 'tap'
import { withVersions } from '#src/policy/versions.ts'

const rule = (
  apiGroups: readonly string[],
  apiVersions: readonly string[],
  ...resources: string[]
) => ({
  apiGroups,
  apiVersions,
  operations: ['CREATE'],
  resources,
})

t.test('every version is the ones there are, each once', async t => {
  const resourceRules = [
    rule(['kradle.a5c.ai'], ['*'], 'teams', 'repositories/status'),
    rule(['', 'activity.kradle.a5c.ai'], ['v1', '*'], 'pods', 'issues'),
    rule(['batch'], ['v1'], 'jobs'),
  ]
  t.strictSame(
    withVersions({ resourceRules }).resourceRules?.map(({ apiVersions }) =>
      apiVersions?.toSorted(),
    ),
    [['v1alpha1'], ['v1', 'v1alpha1'], ['v1']],
  )
})

t.test('everything else stays as it is', async t => {
  const constraints = {
    resourceRules: [rule(['batch'], ['v1'], 'jobs')],
    excludeResourceRules: [rule(['batch'], ['*'], 'jobs')],
    objectSelector: {},
  }
  t.strictSame(withVersions(constraints), constraints)
  const { apiVersions, ...rest } = rule(['batch'], ['*'], 'jobs')
  t.strictSame(withVersions({ resourceRules: [{ ...rest, apiVersions }, {}] }), {
    resourceRules: [{ ...rest, apiVersions: ['v1'] }, {}],
  })
  t.strictSame(withVersions({ resourceRules: [{ apiVersions: ['*'] }] }), {
    resourceRules: [{ apiVersions: [] }],
  })
  const computed = { objectSelector: {} }
  t.equal(withVersions(computed), computed)
})
