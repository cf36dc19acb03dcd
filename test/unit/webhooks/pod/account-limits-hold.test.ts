import t from 'tap'
import { Job } from '#src/api/batch/v1.ts'
import { Pod } from '#src/api/core/v1.ts'
import { cluster, objectOf, request } from '#test/fixtures.ts'
import { account, namespace, pod, podSpec, runMetadata } from '#test/fixtures-grants.ts'
import rule from '#webhooks/pod/account-limits-hold.ts'

const create = request('CREATE', Pod, pod())
const onWeb = account({ allowedRepositories: ['web'], allowedRunnerPools: ['gpu'] })

t.test('allows an account without limits, and one that allows the run', async t => {
  t.strictSame(rule.decide(create, cluster(account())), [])
  t.strictSame(rule.decide(create, cluster(account({ allowedRepositories: ['app'] }))), [])
  t.strictSame(rule.decide(create, cluster()), [])
})

t.test('denies other repositories, and runner pools that are not stated', async t => {
  t.match(rule.decide(create, cluster(onWeb)), [
    {
      rule: 'R43',
      field: 'metadata.labels[kradle.a5c.ai/repository]',
      value: 'app',
      problem: 'is not one that account "repairer-account" may be used for',
      fix: /spec\.allowedRepositories/,
    },
    {
      field: 'metadata.labels[kradle.a5c.ai/runner-pool]',
      value: undefined,
      problem: 'is not stated, and account "repairer-account" asks for it',
    },
  ])
})

t.test('says where in a template it is', async t => {
  const template = { metadata: runMetadata(), spec: podSpec() }
  const job = objectOf(Job, { metadata: { name: 'work', namespace }, spec: { template } })
  t.match(rule.decide(request('CREATE', Job, job), cluster(onWeb)), [
    { field: 'spec.template.metadata.labels[kradle.a5c.ai/repository]' },
    {},
  ])
})

t.test('leaves alone what did not change, and what is of no organisation', async t => {
  t.strictSame(rule.decide(request('UPDATE', Pod, pod(), pod()), cluster(onWeb)), [])
  t.equal(rule.decide(request('UPDATE', Pod, pod(), pod({})), cluster(onWeb)).length, 2)
  const elsewhere = request('CREATE', Pod, {
    ...pod(),
    metadata: { ...pod().metadata, namespace: 'default' },
  })
  t.strictSame(rule.decide(elsewhere, cluster(onWeb)), [])
  t.strictSame(rule.lookups(elsewhere), [])
})

t.test('asks for the account where the watch does not know it, but never for default', async t => {
  t.match(rule.lookups(create), [{ name: 'repairer-account', namespace, fresh: 'on-miss' }])
  t.strictSame(rule.lookups(request('CREATE', Pod, pod({}))), [])
})
