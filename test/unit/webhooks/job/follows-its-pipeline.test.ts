import t from 'tap'
import { Job, Pipeline } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/job/follows-its-pipeline.ts'

const none = { secrets: false, clusterApi: false }
const pipeline = (change = {}) =>
  cluster(
    example(Pipeline, {
      'spec.steps[0].scopes': none,
      'spec.steps[1].scopes': none,
      'spec.steps[2].scopes': { secrets: true, clusterApi: false },
      ...change,
    }),
  )
const judged = (change: object, world = pipeline()) =>
  rule.decide(write('CREATE', Job, change as never), world)

t.test('takes a step with its scopes', async t => {
  t.strictSame(judged({}), [])
  t.strictSame(judged({ 'spec.step': 'publish', 'spec.scopes': { secrets: true } }), [])
  t.strictSame(judged({ 'spec.trustTier': undefined }), [])
  t.match(rule.lookups(write('CREATE', Job)), [{ kind: Pipeline, name: 'app-42-1', fresh: 'live' }])
})

t.test('refuses a step that is none', async t => {
  t.match(judged({ 'spec.step': 'deploy' }), [
    { rule: 'R194', field: 'spec.step', value: 'deploy', fix: /"build", "test", "publish"/ },
  ])
})

t.test("refuses trust that is not the pipeline's", async t => {
  t.match(judged({}, pipeline({ 'spec.trustTier': 'untrusted' })), [
    { rule: 'R195', field: 'spec.trustTier', value: 'trusted' },
  ])
})

t.test('refuses more than the step has, or than a repository may ask for', async t => {
  const greedy = { 'spec.step': 'publish', 'spec.scopes': { secrets: true, clusterApi: true } }
  t.match(judged(greedy), [{ rule: 'R192', field: 'spec.scopes.clusterApi' }])
  t.match(judged(greedy, pipeline({ 'spec.steps': undefined })), [
    { field: 'spec.scopes.secrets' },
    { field: 'spec.scopes.clusterApi' },
  ])
})

t.test('leaves a pipeline that is not there to references-exist', async t => {
  t.strictSame(judged({}, cluster()), [])
  const nameless = write('CREATE', Job, { 'spec.pipeline': undefined })
  t.strictSame(rule.lookups(nameless), [])
  t.strictSame(rule.decide(nameless, cluster()), [])
})
