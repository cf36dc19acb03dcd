import t from 'tap'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { orgNamespace } from '#src/api/names.ts'
import {
  drillOrganization,
  kindCluster,
  pullRequest,
  writable,
  writing,
} from '#test/support/kind.ts'
import { until } from '#test/support/running.ts'

const cluster = kindCluster(t)
const { asked, client } = cluster
const slug = await drillOrganization(client)
await writable(client, slug)

t.test('PostgreSQL can be restarted', async t => {
  const kept = pullRequest(`kept-${Date.now().toString(36)}`, slug)
  await client.create(PullRequest, kept)
  const writes = writing(t, client, slug)
  await Promise.all([writes.configuration.more(10), writes.activity.more(10)])
  const since = Date.now()
  await asked('delete', 'pod', 'postgresql-0', '-n', 'kradle-system')
  await asked(
    'rollout',
    'status',
    'statefulset/postgresql',
    '-n',
    'kradle-system',
    '--timeout=120s',
  )
  await writable(client, slug)
  t.comment(`written again ${((Date.now() - since) / 1000).toFixed(0)} s after the Pod was deleted`)
  const failures = (from = 0) =>
    writes.activity.failures.filter(({ index }) => index >= from).length
  // Each replica finds out by itself.
  await until('no write fails any more', async () => {
    const soFar = failures()
    await writes.activity.more(10)
    return failures() === soFar
  })
  // What was begun while it was away may fail yet.
  const next = Math.max(...writes.activity.writes.map(({ index }) => index)) + 1
  await writes.activity.more(20)
  for (const line of await writes.stop()) t.comment(line)
  t.strictSame(writes.configuration.failures, [], 'what is in etcd does not notice')
  t.equal(failures(next), 0, 'and then everything works as before')
  for (const { error } of writes.activity.failures)
    // Not "there is no such thing", upon which controllers would tear down what belongs to it.
    t.notMatch(error?.message, /not ?found/i)
  const found = await client.get(PullRequest, kept.metadata.name, orgNamespace(slug))
  t.equal(found?.spec?.title, kept.spec.title)
  await cluster.settled()
})
