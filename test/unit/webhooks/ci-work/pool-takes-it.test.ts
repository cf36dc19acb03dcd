import t from 'tap'
import { Job, Pipeline } from '#src/api/activity/v1alpha1.ts'
import { RunnerPool } from '#src/api/runners-ci/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/ci-work/pool-takes-it.ts'

const linux = example(RunnerPool)
const open = example(RunnerPool, { 'metadata.name': 'public', 'spec.trustTier': 'untrusted' })
const pools = cluster(linux, open)

t.test('each goes where it belongs', async t => {
  t.strictSame(rule.decide(write('CREATE', Job), pools), [])
  const untrusted = { 'spec.runnerPool': 'public', 'spec.trustTier': undefined }
  t.strictSame(rule.decide(write('CREATE', Job, untrusted), pools), [])
  t.match(rule.lookups(write('CREATE', Job)), [
    { kind: RunnerPool, name: 'linux', fresh: 'on-miss' },
  ])
})

t.test('neither goes to the pool of the other, in any step', async t => {
  t.match(rule.decide(write('CREATE', Job, { 'spec.trustTier': undefined }), pools), [
    { rule: 'R222', field: 'spec.runnerPool', value: 'linux', problem: /for trusted work/ },
  ])
  const change = { 'spec.runnerPool': undefined, 'spec.steps[1].runnerPool': 'public' }
  t.match(rule.decide(write('CREATE', Pipeline, change), pools), [
    { field: 'spec.steps[1].runnerPool', value: 'public', fix: /"trusted"/ },
  ])
})

t.test('a pool that is not there is for a condition', async t => {
  t.strictSame(rule.decide(write('CREATE', Job), cluster()), [])
  t.strictSame(rule.lookups(write('CREATE', Job, { 'spec.runnerPool': undefined })), [])
})
