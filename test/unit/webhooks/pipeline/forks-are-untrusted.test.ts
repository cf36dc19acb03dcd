import t from 'tap'
import { Pipeline, PullRequest } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/pipeline/forks-are-untrusted.ts'

const checking = (change = {}) =>
  write('CREATE', Pipeline, { 'spec.pullRequest': 'app-42', ...change })
const fork = example(PullRequest, { 'spec.source.repository': 'joe/app' })

t.test('trusts what is of the repository itself', async t => {
  t.strictSame(rule.decide(checking(), cluster(example(PullRequest))), [])
  t.match(rule.lookups(checking()), [{ kind: PullRequest, name: 'app-42', fresh: 'live' }])
})

t.test('does not trust a fork', async t => {
  t.match(rule.decide(checking(), cluster(fork)), [
    { rule: 'R191', field: 'spec.trustTier', value: 'trusted', problem: /fork "joe\/app"/ },
  ])
  t.strictSame(rule.decide(checking({ 'spec.trustTier': 'untrusted' }), cluster(fork)), [])
})

t.test('is of the repository of the pull request', async t => {
  t.match(rule.decide(checking({ 'spec.repository': 'lib' }), cluster(fork)), [
    { rule: 'R191', field: 'spec.repository', value: 'lib' },
  ])
})

t.test('has nothing to say without a pull request', async t => {
  t.strictSame(rule.lookups(write('CREATE', Pipeline)), [])
  t.strictSame(rule.decide(write('CREATE', Pipeline), cluster(fork)), [])
  t.strictSame(rule.decide(checking(), cluster()), [])
})
