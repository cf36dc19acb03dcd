import t from 'tap'
import { Pipeline } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { example, write } from '#test/fixtures-activity.ts'
import rule from '#webhooks/pipeline/rerun-is-of-the-same.ts'

const again = (change = {}) =>
  write('CREATE', Pipeline, { 'metadata.name': 'again', 'spec.rerunOf': 'app-42-1', ...change })
const first = (change = {}) => cluster(example(Pipeline, change))

t.test('takes the same, with less trust too', async t => {
  t.strictSame(rule.decide(again({ 'spec.resumeFrom': 'test' }), first()), [])
  t.strictSame(rule.decide(again({ 'spec.trustTier': 'untrusted' }), first()), [])
  t.match(rule.lookups(again()), [{ kind: Pipeline, name: 'app-42-1', fresh: 'live' }])
})

t.test('refuses another one', async t => {
  t.match(rule.decide(again({ 'spec.repository': 'lib' }), first()), [
    { rule: 'R197', field: 'spec.repository', value: 'lib', fix: /write "app"/ },
  ])
  t.match(rule.decide(again(), first({ 'spec.pullRequest': 'app-42' })), [
    { field: 'spec.pullRequest', value: null, fix: /write "app-42"/ },
  ])
  t.match(rule.decide(again({ 'spec.pullRequest': 'app-42' }), first()), [{ fix: /write null/ }])
})

t.test('does not trust it more than before', async t => {
  t.match(rule.decide(again(), first({ 'spec.trustTier': 'untrusted' })), [
    { rule: 'R191', field: 'spec.trustTier', value: 'trusted' },
  ])
})

t.test('has nothing to say where nothing runs again', async t => {
  t.strictSame(rule.lookups(write('CREATE', Pipeline)), [])
  t.strictSame(rule.decide(write('CREATE', Pipeline), first()), [])
  t.strictSame(rule.decide(again(), cluster()), [])
})
