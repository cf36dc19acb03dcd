import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Issue } from '#src/api/activity/v1alpha1.ts'
import { ResourceQuota } from '#src/api/core/v1.ts'
import { orgNamespace } from '#src/api/names.ts'
import { issue } from '#test/support/drills/issues.ts'
import { createOrganization, running, until, withActivity } from '#test/support/running.ts'

// A ResourceQuota holds for what is kept in PostgreSQL too, at once and for whoever asks at the same moment. What it says is used
// is counted by kube-controller-manager, which looks when something goes.

const { client, kubectl } = await running(t, { processes: withActivity })
await createOrganization(client, 'acme')
const acme = orgNamespace('acme')
const ISSUES = 'count/issues.activity.kradle.a5c.ai'
const quota = (hard: Record<string, string>): ResourceQuota => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { namespace: acme, name: 'small' },
  spec: { hard },
})
await client.create(ResourceQuota, quota({ [ISSUES]: '10', 'count/pods': '0' }))
const create = (name: string) => client.create(Issue, issue('acme', name, 'counted'))
const full = (used: number, limited = 10) =>
  `is forbidden: exceeded quota: small, requested: ${ISSUES}=1, used: ${ISSUES}=${used}, limited: ${ISSUES}=${limited}`

t.test('as many as it says, of many at the same moment', async t => {
  await until('the quota is seen', async () => {
    // Nothing is stored, and with a limit of 10 nothing refused: what is asked for is that this server answers at all.
    const said = await kubectl(['create', '--dry-run=server', '-f', '-'], issue('acme', 'x', 'x'))
    return said.code === 0
  })
  const answers = await Promise.allSettled(
    Array.from({ length: 40 }, (_, index) => create(`many-${index}`)),
  )
  t.equal(answers.filter(({ status }) => status === 'fulfilled').length, 10)
  for (const answer of answers)
    if (answer.status === 'rejected') t.match((answer.reason as Error).message, full(10))
  t.equal((await client.list(Issue, { namespace: acme })).items.length, 10)
})

t.test('kubectl is told, by a dry run too', async t => {
  const one = issue('acme', 'one-more', 'too much')
  for (const args of [
    ['create'],
    ['create', '--dry-run=server'],
    ['apply'],
    ['apply', '--server-side'],
  ])
    t.match(await kubectl([...args, '-f', '-'], one), { code: 1, stderr: full(10) }, args.join(' '))
})

t.test('what is there can be changed, and what goes makes room', async t => {
  const [first] = (await client.list(Issue, { namespace: acme })).items
  const name = first!.metadata.name
  const labelled = await kubectl(['label', 'issue', '-n', acme, name, 'a=b'])
  t.equal(labelled.code, 0, labelled.stderr)
  await client.delete(Issue, name, acme)
  await create('in-its-place')
  await t.rejects(create('one-more'), { message: full(10) })
})

t.test('kube-controller-manager counts the same', async t => {
  await client.delete(Issue, 'in-its-place', acme)
  // It looks for new kinds now and then, and sees nothing go before it has; after that, every few minutes only.
  const comesAndGoes = async () => {
    await create('passing')
    await client.delete(Issue, 'passing', acme)
    await sleep(2_000)
  }
  await until(
    'the quota says 9',
    async () => {
      const counted = await client.get(ResourceQuota, 'small', acme)
      return counted?.status?.used?.[ISSUES] === '9' || comesAndGoes()
    },
    120,
  )
  const said = await kubectl(['describe', 'quota', '-n', acme, 'small'])
  t.match(said.stdout, /count\/issues\.activity\.kradle\.a5c\.ai +9 +10/)
})

t.test('a quota that changes holds at once', async () => {
  await client.apply(ResourceQuota, quota({ [ISSUES]: '5' }), { fieldManager: 'test', force: true })
  await until('it is refused by the new limit', async () => {
    const { stderr } = await kubectl(
      ['create', '--dry-run=server', '-f', '-'],
      issue('acme', 'x', 'x'),
    )
    return stderr.includes(full(9, 5))
  })
  await client.delete(ResourceQuota, 'small', acme)
  await until(
    'it is gone',
    async () =>
      (await kubectl(['create', '--dry-run=server', '-f', '-'], issue('acme', 'x', 'x'))).code ===
      0,
  )
  await create('one-more')
})
