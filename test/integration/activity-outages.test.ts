import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'node:https'
import t from 'tap'
import { deciding } from '#hack/local/kradle.ts'
import { APIService } from '#src/api/apiregistration/v1.ts'
import { Issue } from '#src/api/activity/v1alpha1.ts'
import { ApiError } from '#src/lib/api-error.ts'
import { Follower } from '#test/support/drills/follower.ts'
import { issue } from '#test/support/drills/issues.ts'
import { missing } from '#test/support/drills/missing.ts'
import { writeAll, Writer } from '#test/support/drills/writer.ts'
import { informerProgram, startInformer } from '#test/support/informer.ts'
import { createOrganization, running, until } from '#test/support/running.ts'

// PostgreSQL is killed under writes, with fsync on, again and again: what was answered is there, what cannot be answered is
// refused at once, and nobody else notices.

const OUTAGES = Number(process.env['DRILL_OUTAGES'] ?? 5)
const WRITERS = 8
const SLUGS = ['acme', 'globex']

const { kradle, client, controlPlane, database, kubectl } = await running(t, {
  fsync: true,
  processes: [...deciding, { name: 'apiserver', flags: ['--drain-seconds', '0'] }],
})
for (const slug of SLUGS) await createOrganization(client, slug)

const ISSUES = '/apis/activity.kradle.a5c.ai/v1alpha1/namespaces/kradle-org-acme/issues'

interface Said {
  readonly method: string
  readonly path: string
  readonly code: number
  readonly retryAfter: string | undefined
  readonly ms: number
  readonly body: string
}

/** One request, tried once. */
function ask(
  method: string,
  path: string,
  body?: object,
  type = 'application/json',
): Promise<Said> {
  const since = performance.now()
  const { cert, key, ca } = controlPlane.adminCertificate
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, controlPlane.server),
      { method, cert, key, ca, headers: { 'content-type': type } },
      answer => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => (text += part))
        answer.on('end', () =>
          resolve({
            method,
            path,
            code: answer.statusCode ?? 0,
            retryAfter: answer.headers['retry-after'],
            ms: performance.now() - since,
            body: text,
          }),
        )
      },
    )
    call.on('error', reject)
    call.end(body && JSON.stringify(body))
  })
}

const available = async () =>
  (await client.get(APIService, 'v1alpha1.activity.kradle.a5c.ai'))?.status?.conditions?.find(
    ({ type }) => type === 'Available',
  )

t.test('PostgreSQL may be killed at any time', async t => {
  const program = await informerProgram()
  const informers =
    program === undefined
      ? []
      : [true, false].map(watchList =>
          startInformer(program, {
            kubeconfig: controlPlane.adminKubeconfig,
            kind: Issue,
            watchList,
          }),
        )
  for (const informer of informers) t.teardown(() => informer.stop())
  const begin = await client.page(Issue, { limit: 1 })
  await client.create(Issue, issue('acme', 'standing', 'there all the time'))
  const follower = new Follower(client, Issue, begin.resourceVersion)
  await until('it watches', async () => follower.open)
  const writers = Array.from(
    { length: WRITERS },
    (_, id) => new Writer({ client, id, slugs: SLUGS }),
  )
  const work = { over: false }
  const writing = writeAll(writers, Number.MAX_SAFE_INTEGER, () => work.over)
  const since = performance.now()
  const slowest: number[] = []
  const recovered: number[] = []
  const away: string[] = []
  for (let outage = 0; outage < OUTAGES; outage++) {
    await sleep(1_500)
    await database!.kill('SIGKILL')
    const down = performance.now()
    // Whatever was asked when it went has been answered by then.
    await sleep(200)
    const said = await Promise.all([
      ask('GET', `${ISSUES}/standing`),
      ask('GET', ISSUES),
      ask('GET', `${ISSUES}?watch=true&timeoutSeconds=5`),
      ask('POST', ISSUES, issue('acme', `refused-${outage}`, 'not now')),
      ask('PUT', `${ISSUES}/standing`, issue('acme', 'standing', 'not now')),
      ask('PATCH', `${ISSUES}/standing`, { spec: { title: 'no' } }, 'application/merge-patch+json'),
      ask(
        'PATCH',
        `${ISSUES}/standing?fieldManager=me&force=true`,
        issue('acme', 'standing', 'not now'),
        'application/apply-patch+yaml',
      ),
      ask('DELETE', `${ISSUES}/standing`),
      ask('DELETE', `${ISSUES}?labelSelector=none`),
    ])
    for (const { code, retryAfter, ms, method, path, body } of said) {
      t.strictSame(
        { code, retryAfter, reason: reasonOf(body) },
        { code: 503, retryAfter: '1', reason: 'ServiceUnavailable' },
        `${method} ${path}`,
      )
      slowest.push(ms)
    }
    const discovery = await Promise.all([
      ask('GET', '/apis/activity.kradle.a5c.ai/v1alpha1'),
      fetch(`${kradle.health('apiserver')}/readyz`),
      kubectl(['api-resources', '--api-group=activity.kradle.a5c.ai']),
      available(),
    ])
    t.equal(discovery[0].code, 200)
    t.equal(discovery[1].status, 200, 'it is ready')
    t.match(discovery[2], { code: 0, stdout: /issues/ })
    t.match(discovery[3], { status: 'True' })
    if (outage === 0) {
      // As long as the aggregator takes to look again.
      await sleep(5_000)
      t.match(await available(), { status: 'True' })
    }
    await database!.restart()
    const back = performance.now()
    away.push(`${((back - down) / 1000).toFixed(1)} s`)
    await until('it answers again', async () => (await ask('GET', ISSUES)).code === 200, 20)
    recovered.push(performance.now() - back)
  }
  await sleep(1_000)
  work.over = true
  await writing
  const ms = writers.flatMap(writer => writer.ms)
  const failures = writers.flatMap(writer => writer.failures)
  t.comment(
    `${ms.length} writes answered in ${((performance.now() - since) / 1000).toFixed(0)} s, ${failures.length} refused; ` +
      `away for ${away.join(', ')}; refused within ${Math.max(...slowest).toFixed(0)} ms, ` +
      `answers again ${Math.max(...recovered).toFixed(0)} ms after PostgreSQL`,
  )
  const words = (error: Error) =>
    `${error instanceof ApiError ? error.code : ''} ${error.message}`.replaceAll(/\d+/g, 'N')
  t.comment([...new Set(failures.map(words))].join('\n'))
  t.strictSame(
    writers.flatMap(({ faults }) => faults),
    [],
  )
  const { items } = await client.list(Issue)
  const objects = items.map(
    ({ metadata: { namespace, name, resourceVersion } }) =>
      `${namespace}/${name} ${resourceVersion}`,
  )
  const known = writers.flatMap(({ there }) =>
    Object.entries(there).map(([key, version]) => `${key} ${version}`),
  )
  t.strictSame(
    objects.filter(line => line.includes('/w')).toSorted(),
    known.toSorted(),
    'everything that was answered is there, and nothing else',
  )
  const told = follower.events.filter(({ key }) => key.includes('/w'))
  await until(
    'it was told',
    async () =>
      missing(
        writers,
        follower.events.filter(({ key }) => key.includes('/w')),
      ).length === 0,
    10,
  ).catch(() => {})
  await follower.stop()
  t.strictSame(
    missing(
      writers,
      follower.events.filter(({ key }) => key.includes('/w')),
    ),
    [],
  )
  t.strictSame(follower.faults, [])
  t.equal(follower.streams, 1, 'its watch never ended')
  t.comment(`${told.length} events in ${follower.streams} watches`)
  for (const informer of informers) {
    const held = async () =>
      Object.entries((await informer.report()).objects)
        .map(([key, version]) => `${key} ${version}`)
        .toSorted()
    await until(
      'it holds it',
      async () => String(await held()) === String(objects.toSorted()),
      20,
    ).catch(() => {})
    t.strictSame(await held(), objects.toSorted())
    const report = await informer.report()
    t.strictSame(report.faults ?? [], [])
    const { lists, streams, watches, events } = report
    t.comment(JSON.stringify({ lists, streams, watches, events }))
  }
})

function reasonOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { reason?: unknown }).reason
  } catch {
    return body.slice(0, 200)
  }
}
