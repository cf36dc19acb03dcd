import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { apiClient } from '#hack/local/api.ts'
import { deciding } from '#hack/local/kradle.ts'
import { quantile } from '#hack/bench/statistics.ts'
import { Issue } from '#src/api/activity/v1alpha1.ts'
import { orgNamespace } from '#src/api/names.ts'
import { ApiError } from '#src/lib/api-error.ts'
import { Balancer } from '#test/support/balancer.ts'
import { Follower } from '#test/support/drills/follower.ts'
import { issue } from '#test/support/drills/issues.ts'
import { missing } from '#test/support/drills/missing.ts'
import { writeAll, Writer, type Answered } from '#test/support/drills/writer.ts'
import { informerProgram, startInformer, type Informer } from '#test/support/informer.ts'
import { createOrganization, running, until } from '#test/support/running.ts'

// Two kradle-apiserver behind something like a Service, and informers of client-go that follow, through the aggregator, what
// many write at the same time: while the two are killed, stopped and started again, and when they have been away for too long.

/** Of the first drill; the others make a part of it. */
const CHANGES = Number(process.env['DRILL_CHANGES'] ?? 1_500)
const WRITERS = 16
const SLUGS = ['acme', 'globex', 'initech']

const balancer = await Balancer.start()
t.teardown(() => balancer.close())
const replicas = ['apiserver', 'apiserver-2'] as const
const { kradle, client, controlPlane } = await running(t, {
  // By name, as the aggregator finds a Service by its name.
  apiserverUrl: balancer.url.replace('127.0.0.1', 'localhost'),
  processes: [
    ...deciding,
    ...replicas.map(id => ({ name: 'apiserver', id, flags: ['--drain-seconds', '3'] })),
  ],
})
const backend = (id: string) => ({ id, url: kradle.webhook(id), health: kradle.health(id) })
balancer.balance(replicas.map(backend))
const bothServe = () => until('both serve', async () => balancer.ready.length === 2)
await bothServe()
await until('the aggregator asks them', async () =>
  client.page(Issue, { limit: 1 }).then(
    () => true,
    () => false,
  ),
)
for (const slug of SLUGS) await createOrganization(client, slug)

const api = apiClient(controlPlane.server, controlPlane.adminCertificate)
t.teardown(() => api.close())
const ISSUES = '/apis/activity.kradle.a5c.ai/v1alpha1/issues'

const program = await informerProgram()
function informers(): Record<string, Informer> {
  if (program === undefined) return {}
  const kubeconfig = controlPlane.adminKubeconfig
  const start = (watchList: boolean) =>
    startInformer(program, { kubeconfig, kind: Issue, watchList })
  const started = { 'with WatchList': start(true), 'with lists': start(false) }
  for (const informer of Object.values(started)) t.teardown(() => informer.stop())
  return started
}

/** What a list shows, as an informer says it. */
async function listed(): Promise<{ objects: Record<string, string>; resourceVersion: string }> {
  const { items, resourceVersion } = await client.list(Issue)
  const objects = Object.fromEntries(
    items.map(({ metadata }) => [
      `${metadata.namespace}/${metadata.name}`,
      metadata.resourceVersion,
    ]),
  ) as Record<string, string>
  return { objects, resourceVersion }
}

const sorted = (objects: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(objects).toSorted(([a], [b]) => (a < b ? -1 : 1)))

const writersOf = (from: number) =>
  Array.from(
    { length: WRITERS },
    (_, index) => new Writer({ client, id: from + index, slugs: SLUGS }),
  )

function figures(writers: readonly Writer[], since: number): string {
  const ms = writers.flatMap(writer => writer.ms)
  const seconds = (performance.now() - since) / 1000
  const failed = writers.reduce((sum, { failures }) => sum + failures.length, 0)
  const at = (q: number) => `${quantile(ms, q).toFixed(0)} ms`
  return (
    `${ms.length} writes in ${seconds.toFixed(1)} s (${(ms.length / seconds).toFixed(0)}/s), ${failed} failed; ` +
    `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`
  )
}

const inInformers = informers()

t.test('replicas that are killed lose nothing that was answered', async t => {
  const follower = new Follower(client, Issue, (await listed()).resourceVersion)
  const writers = writersOf(0)
  const since = performance.now()
  const writing = writeAll(writers, CHANGES)
  const made = () => writers.reduce((sum, { answered }) => sum + answered.length, 0)
  for (const [index, id] of [replicas[0], replicas[1], replicas[0]].entries()) {
    await until('there is enough to lose', async () => made() > (CHANGES * (index + 1)) / 4, 300)
    await kradle.kill(id, 'SIGKILL')
    await sleep(500)
    await kradle.restart(id)
    await bothServe()
  }
  await writing
  t.comment(figures(writers, since))
  const said = new Set(writers.flatMap(({ failures }) => failures.map(describe)))
  t.comment(`failures: ${[...said].join('; ')}`)
  t.strictSame(
    writers.flatMap(({ faults }) => faults),
    [],
    'no write was answered what cannot be',
  )
  const { objects } = await listed()
  await settled(t, objects)
  await until(
    'the follower has seen all',
    async () => missing(writers, follower.events).length === 0,
    10,
  ).catch(() => {})
  await follower.stop()
  t.strictSame(
    missing(writers, follower.events),
    [],
    'every answered write was told, once, in order',
  )
  t.strictSame(follower.faults, [])
  t.comment(`${follower.events.length} events over ${follower.streams} watches`)
  const last = new Map<string, string>()
  for (const { type, key, version } of follower.events)
    if (type === 'DELETED') last.delete(key)
    else last.set(key, version)
  t.strictSame(sorted(Object.fromEntries(last)), sorted(objects), 'events come to what is there')
})

const describe = (error: Error) =>
  (error instanceof ApiError ? `${error.code} ` : '') + error.message.replaceAll(/\d+/g, 'N')

/** Both informers hold just this, and complain of nothing. */
async function settled(t: Tap, objects: Readonly<Record<string, string>>): Promise<void> {
  for (const [how, informer] of Object.entries(inInformers)) {
    const same = async () =>
      JSON.stringify(sorted((await informer.report()).objects)) === JSON.stringify(sorted(objects))
    await until(`the informer ${how} holds it`, same, 20).catch(() => {})
    const report = await informer.report()
    t.strictSame(sorted(report.objects), sorted(objects), `${how}, it ends with what a list shows`)
    t.strictSame(report.faults ?? [], [], `${how}, nothing comes twice or out of order`)
    const { lists, streams, watches, events } = report
    t.comment(`${how}: ${JSON.stringify({ lists, streams, watches, events })}`)
  }
}
type Tap = Pick<typeof t, 'strictSame' | 'comment'>

t.test('replicas that are stopped cost no request', async t => {
  const writers = writersOf(WRITERS)
  const since = performance.now()
  const work = { over: false }
  const wrong: string[] = []
  let reads = 0
  const read = async (path: string) => {
    while (!work.over) {
      const { status, body } = await api('GET', path)
      reads++
      if (status !== 200) wrong.push(`${status} ${body.slice(0, 300)}`)
    }
  }
  const working = Promise.all([
    writeAll(writers, Number.MAX_SAFE_INTEGER, () => work.over),
    read(`${ISSUES}?limit=5`),
    read('/apis/activity.kradle.a5c.ai/v1alpha1'),
  ])
  const took: string[] = []
  for (const id of replicas) {
    await sleep(1_000)
    const asked = performance.now()
    await kradle.kill(id, 'SIGTERM')
    took.push(`${((performance.now() - asked) / 1000).toFixed(1)} s`)
    await kradle.restart(id)
    await bothServe()
  }
  await sleep(1_000)
  work.over = true
  await working
  t.comment(`${figures(writers, since)}; ${reads} reads; gone after ${took.join(' and ')}`)
  t.strictSame(writers.flatMap(({ failures }) => failures).map(describe), [], 'no write failed')
  t.strictSame(wrong, [], 'no read failed')
  await settled(t, (await listed()).objects)
})

t.test('fifty watchers are told every event once and in order', async t => {
  const { resourceVersion } = await listed()
  const follow = (count: number, selection: (index: number) => Follower['selection']) =>
    Array.from(
      { length: count },
      (_, index) => new Follower(client, Issue, resourceVersion, selection(index)),
    )
  const lots = (index: number) => `lot=${index % 5}`
  const followers = [
    ...follow(10, () => ({})),
    ...follow(15, index => ({ namespace: orgNamespace(SLUGS[index % 3]!) })),
    ...follow(10, index => ({ labelSelector: lots(index) })),
    ...follow(5, () => ({ fieldSelector: 'spec.state=open' })),
    ...follow(10, index => ({ fieldSelector: `metadata.name=w${2 * WRITERS + index}-0` })),
  ]
  await until('all watch', async () => followers.every(({ open }) => open))
  const writers = writersOf(2 * WRITERS)
  const since = performance.now()
  await writeAll(writers, CHANGES / 2)
  t.comment(figures(writers, since))
  t.strictSame(writers.flatMap(({ failures }) => failures).map(describe), [])
  const answered = writers.flatMap(writer => writer.answered)
  for (const follower of followers) {
    const want = expected(answered, follower.selection)
    await until('it was told', async () => follower.events.length >= want.length, 20).catch(
      () => {},
    )
  }
  t.comment(`told ${((performance.now() - since) / 1000).toFixed(1)} s after the first write`)
  await Promise.all(followers.map(follower => follower.stop()))
  for (const { events, faults, streams, selection } of followers) {
    const what = JSON.stringify(selection)
    t.strictSame(faults, [], `in order: ${what}`)
    t.equal(streams, 1, 'in one watch')
    t.strictSame(
      events.map(({ type, key }) => `${type} ${key}`).toSorted(),
      expected(answered, selection),
      `all, once: ${what}`,
    )
  }
})

/** What somebody is told who selects something, in no order. */
function expected(answered: readonly Answered[], selection: Follower['selection']): string[] {
  const { namespace, labelSelector, fieldSelector } = selection
  const wanted = ({ key, lot, state }: Answered) =>
    (namespace === undefined || key.startsWith(`${namespace}/`)) &&
    (labelSelector === undefined || labelSelector === `lot=${lot}`) &&
    (fieldSelector === undefined ||
      fieldSelector === `spec.state=${state}` ||
      fieldSelector === `metadata.name=${key.split('/')[1]}`)
  const told: string[] = []
  const there = new Map<string, boolean>()
  for (const one of answered) {
    const { key } = one
    const was = there.get(key) ?? false
    const is = one.type !== 'DELETED' && wanted(one)
    there.set(key, is)
    if (is) told.push(`${was ? 'MODIFIED' : 'ADDED'} ${key}`)
    else if (was) told.push(`DELETED ${key}`)
  }
  return told.toSorted()
}

t.test('of two who change one object at the same time, one is told of the other', async t => {
  let made = await client.create(Issue, issue('acme', 'contested', 'made'))
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.allSettled(
      ['one', 'other'].map(who =>
        client.replace(Issue, { ...made, spec: { ...made.spec, title: `${who} ${round}` } }),
      ),
    )
    const won = answers.filter(answer => answer.status === 'fulfilled')
    const lost = answers.filter(answer => answer.status === 'rejected')
    t.equal(won.length, 1)
    t.strictSame(
      lost.map(({ reason }) => (reason as ApiError).code),
      [409],
    )
    made = won[0]!.value
  }
  t.strictSame(await client.get(Issue, 'contested', orgNamespace('acme')), made)
})

t.test('who was away while much happened is told all of it', async t => {
  const { resourceVersion } = await listed()
  const body = 'All of it. '.repeat(5_000)
  const count = 300
  const since = performance.now()
  await Promise.all(
    Array.from({ length: 10 }, async (_, writer) => {
      const large = issue('acme', `large-${writer}`, 'large')
      await client.create(Issue, { ...large, spec: { ...large.spec, body } })
      for (let index = 1; index < count / 10; index++)
        await client.mergePatch(Issue, large.metadata, { spec: { title: `large ${index}` } })
    }),
  )
  const megabytes = (count * body.length) / 1024 ** 2
  t.comment(`${megabytes.toFixed(0)} MiB in ${((performance.now() - since) / 1000).toFixed(1)} s`)
  const follower = new Follower(client, Issue, resourceVersion)
  await until('it was told', async () => follower.events.length >= count, 30).catch(() => {})
  await follower.stop()
  t.equal(follower.events.length, count)
  t.strictSame(follower.faults, [])
  t.equal(follower.streams, 1, 'in one watch')
})

t.test('who was away for too long lists again', async t => {
  const old = (await listed()).resourceVersion
  const before = await Promise.all(Object.values(inInformers).map(informer => informer.report()))
  for (const informer of Object.values(inInformers)) informer.signal('SIGSTOP')
  // Whatever they had open goes, so that they have to ask again.
  for (const id of replicas) await kradle.kill(id, 'SIGTERM')
  await kradle.start({
    name: 'apiserver',
    id: 'brief',
    flags: ['--event-seconds', '1', '--drain-seconds', '0'],
  })
  balancer.balance([backend('brief')])
  await until('it serves', async () => balancer.ready.includes('brief'))
  const writers = writersOf(3 * WRITERS)
  await until('the API is there again', async () =>
    client.page(Issue, { limit: 1 }).then(
      () => true,
      () => false,
    ),
  )
  await writeAll(writers, 200)
  t.strictSame(writers.flatMap(({ failures }) => failures).map(describe), [])
  const watch = `${ISSUES}?watch=true&timeoutSeconds=2&resourceVersion=${old}`
  const gone = async () => {
    const { status, body } = await api('GET', watch)
    const { type, object } = JSON.parse(body.split('\n')[0] || '{}') as Record<string, unknown>
    return { status, type, object: object as { code?: number; reason?: string; message?: string } }
  }
  const exactly = () => api('GET', `${ISSUES}?resourceVersion=${old}&resourceVersionMatch=Exact`)
  await until('the old version is forgotten', async () => (await exactly()).status === 410, 20)
  const exact = await exactly()
  t.match(JSON.parse(exact.body), { reason: 'Expired', message: /too old/ })
  // A process still knows what it has seen.
  await kradle.restart('brief')
  await until('it serves', async () => (await api('GET', `${ISSUES}?limit=1`)).status === 200)
  t.match(await gone(), {
    status: 200,
    type: 'ERROR',
    object: {
      kind: 'Status',
      code: 410,
      reason: 'Expired',
      message: /^too old resource version: \d+/,
    },
  })

  for (const informer of Object.values(inInformers)) informer.signal('SIGCONT')
  const { objects } = await listed()
  await settled(t, objects)
  for (const [index, informer] of Object.values(inInformers).entries()) {
    const { lists, streams } = await informer.report()
    t.ok(lists + streams > before[index]!.lists + before[index]!.streams, 'it began anew')
  }
  await writeAll(writers, 100)
  await settled(t, (await listed()).objects)
})
