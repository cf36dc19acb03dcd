import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Registry } from 'prom-client'
import t from 'tap'
import { openStorage, type Storage, type StorageOptions } from '#src/apiserver/storage/open.ts'
import {
  AlreadyExists,
  ClaimTaken,
  Conflict,
  ExpiredVersion,
  FutureVersion,
  NotFoundInStore,
  OutcomeUnknown,
  StorageUnavailable,
  type Entry,
  type EventType,
  type StoredEvent,
  type Subscriber,
} from '#src/apiserver/storage/store.ts'
import { runningPostgres } from '#test/support/postgres.ts'
import { until } from '#test/support/running.ts'
import { pullRequest, resource } from '#test/support/stored.ts'

const namespace = 'kradle-org-acme'
const postgres = await runningPostgres(t, { fsync: true })
const never = new AbortController().signal

function open(test: Pick<typeof t, 'teardown'>, options: Partial<StorageOptions> = {}): Storage {
  const storage = openStorage({ url: postgres.url, ...options })
  test.teardown(() => storage.close())
  return storage
}

const registry = new Registry()
const storage = open(t, { registry })
const { store, feed } = storage
await storage.migrate()
await storage.migrate()
await storage.ready()

const newer = (a: string, b: string) => BigInt(a) > BigInt(b)

/** What one subscriber has been told, and that it was in order. */
class Told implements Subscriber {
  readonly events: StoredEvent[] = []
  ended: string | undefined
  last = '0'
  readonly disorder: string[] = []

  event(event: StoredEvent): void {
    this.#pass(event.entry.resourceVersion)
    this.events.push(event)
  }

  progress(version: string): void {
    this.#pass(version)
  }

  end(why: string): void {
    this.ended = why
  }

  get changes(): string[] {
    return this.events.map(({ type, entry }) => `${type} ${entry.name} ${entry.resourceVersion}`)
  }

  #pass(version: string): void {
    if (!newer(version, this.last)) this.disorder.push(`${version} after ${this.last}`)
    this.last = version
  }
}

const change = (type: EventType, { name, resourceVersion }: Entry) =>
  `${type} ${name} ${resourceVersion}`

const byVersion = (changes: readonly string[]) =>
  changes.toSorted((a, b) => (newer(a.split(' ')[2]!, b.split(' ')[2]!) ? 1 : -1))

const names = (entries: readonly Entry[]) => entries.map(({ name }) => name)

t.test('an older process goes on with the schema of a newer one', async t => {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  t.teardown(() => client.end())
  const recorded = async () => {
    const { rows } = await client.query<{ name: string }>(
      'select name from kradle.kysely_migration order by name',
    )
    return rows.map(({ name }) => name)
  }
  const record = (name: string) =>
    client.query('insert into kradle.kysely_migration values ($1, $2)', [
      name,
      new Date().toISOString(),
    ])
  const forget = (...gone: string[]) =>
    client.query('delete from kradle.kysely_migration where name = any($1)', [gone])
  const ours = await recorded()
  await record('9999-later')
  await storage.migrate()
  t.strictSame(await recorded(), [...ours, '9999-later'])

  await record('0001-zzz')
  await t.rejects(storage.migrate(), { message: /executed migration 0001-zzz is missing/ })
  await forget('0001-zzz')
  await forget(ours.at(-1)!)
  await t.rejects(storage.migrate(), { message: /9999-later to be at index/ }, 'nothing is skipped')

  await client.query('update kradle.kysely_migration set name = $1 where name = $2', [
    ours.at(-1)!,
    '9999-later',
  ])
  await storage.migrate()
  t.strictSame(await recorded(), ours)
})

t.test('an object is created, read, replaced and deleted', async t => {
  const of = resource('ones')
  const made = await store.write(of, { type: 'create', object: pullRequest('a') })
  t.strictSame(await store.get(of, { namespace, name: 'a' }), made)
  t.strictSame(JSON.parse(made.json), {
    ...pullRequest('a'),
    metadata: { ...pullRequest('a').metadata, resourceVersion: made.resourceVersion },
  })
  await t.rejects(store.write(of, { type: 'create', object: pullRequest('a') }), AlreadyExists)
  const object = pullRequest('a', { labels: { a: 'b' } })
  const { resourceVersion: expected } = made
  const replaced = await store.write(of, { type: 'update', object, expected })
  t.ok(newer(replaced.resourceVersion, expected))
  await t.rejects(store.write(of, { type: 'update', object, expected }), Conflict)
  await t.rejects(store.write(of, { type: 'delete', object, expected }), Conflict)
  const gone = await store.write(of, {
    type: 'delete',
    object: pullRequest('a', { status: { phase: 'Gone' } }),
    expected: replaced.resourceVersion,
  })
  t.ok(newer(gone.resourceVersion, replaced.resourceVersion))
  t.equal(await store.get(of, { namespace, name: 'a' }), undefined)
  t.equal(await store.get(of, { namespace, name: 'a\0' }), undefined)
  await t.rejects(store.write(of, { type: 'update', object, expected }), NotFoundInStore)

  const told = new Told()
  await feed.subscribe(of, {}, String(BigInt(made.resourceVersion) - 1n), told)
  await until('all three are told', async () => told.events.length === 3)
  t.strictSame(told.changes, [
    change('ADDED', made),
    change('MODIFIED', replaced),
    change('DELETED', gone),
  ])
  t.strictSame(
    told.events.map(({ entry }) => entry),
    [made, replaced, gone],
  )
  const nothing = {
    '.spec.repository': 'web',
    '.status.phase': '',
    '.spec.draft': '',
    '.spec.number': '',
  }
  const withVersion = (json: string, { resourceVersion }: Entry) =>
    json.replace(/"resourceVersion":"\d+"/, `"resourceVersion":"${resourceVersion}"`)
  t.strictSame(
    told.events.map(({ labels, fields, previous }) => ({ labels, fields, previous })),
    [
      { labels: {}, fields: nothing, previous: undefined },
      {
        labels: { a: 'b' },
        fields: nothing,
        // It left whatever selects what has no label.
        previous: { labels: {}, fields: nothing, json: withVersion(made.json, replaced) },
      },
      {
        labels: {},
        fields: { ...nothing, '.status.phase': 'Gone' },
        previous: { labels: { a: 'b' }, fields: nothing },
      },
    ],
  )
})

t.test('of two who replace the same version one is refused', async t => {
  const of = resource('races')
  const other = open(t)
  for (let round = 0; round < 30; round++) {
    const name = `r${round}`
    const { resourceVersion: expected } = await store.write(of, {
      type: 'create',
      object: pullRequest(name),
    })
    const both = await Promise.allSettled(
      [store, other.store].map(each =>
        each.write(of, { type: 'update', object: pullRequest(name), expected }),
      ),
    )
    const lost = both.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    t.equal(lost.length, 1)
    t.ok(lost[0]!.reason instanceof Conflict)
  }
})

t.test('what comes and goes under one name keeps its order', async t => {
  const of = resource('phoenixes')
  const told = new Told()
  await feed.subscribe(of, {}, feed.position, told)
  const end = Date.now() + 1_500
  const one = async () => {
    while (Date.now() < end) {
      const object = pullRequest('same')
      try {
        const { resourceVersion: expected } = await store.write(of, { type: 'create', object })
        await store.write(of, { type: 'delete', object, expected })
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
  const { entries, resourceVersion } = await store.list(of, {})
  t.strictSame(entries, [])
  await feed.reached(resourceVersion, never)
  t.ok(told.events.length > 100, `${told.events.length} changes`)
  t.ok(told.events.every(({ type }, index) => type === (index % 2 === 0 ? 'ADDED' : 'DELETED')))
})

t.test('16 writers, 50 subscribers: every change once and in order', async t => {
  const of = resource('crowds')
  const others = [open(t), open(t, { ringBytes: 50_000 })]
  const early = Array.from({ length: 40 }, () => new Told())
  const { resourceVersion: from } = await store.list(of, {})
  await Promise.all(
    early.map((told, index) =>
      [feed, ...others.map(other => other.feed)][index % 3]!.subscribe(of, {}, from, told),
    ),
  )
  const one = new Told()
  await feed.subscribe(of, { namespace, name: 'w3-5' }, from, one)
  const elsewhere = new Told()
  await feed.subscribe(of, { namespace: 'elsewhere' }, from, elsewhere)
  const done: string[] = []
  const late: Told[] = []
  const start = performance.now()
  await Promise.all([
    ...Array.from({ length: 16 }, async (_, writer) => {
      const { store: own } = [{ store }, ...others][writer % 3]!
      for (let index = 0; index < 60; index++) {
        const name = `w${writer}-${index}`
        const object = pullRequest(name, { labels: { writer: String(writer) } })
        const made = await own.write(of, { type: 'create', object })
        done.push(change('ADDED', made))
        const expected = made.resourceVersion
        const changed = await own.write(of, { type: 'update', object, expected })
        done.push(change('MODIFIED', changed))
        if (index % 3 > 0) continue
        const gone = await own.write(of, {
          type: 'delete',
          object,
          expected: changed.resourceVersion,
        })
        done.push(change('DELETED', gone))
      }
    }),
    ...Array.from({ length: 10 }, async (_, index) => {
      await sleep(index * 100)
      const told = new Told()
      late.push(told)
      await others[1]!.feed.subscribe(of, {}, from, told)
    }),
  ])
  const seconds = (performance.now() - start) / 1000
  t.comment(`${done.length} writes, ${Math.round(done.length / seconds)} a second`)
  const want = byVersion(done)
  const all = [...early, ...late]
  await until('everybody knows', async () =>
    all.every(({ events }) => events.length >= want.length),
  )
  await sleep(300)
  for (const told of all) {
    t.strictSame(told.changes, want)
    t.strictSame(told.disorder, [])
  }
  t.strictSame(
    one.changes,
    want.filter(line => line.includes(' w3-5 ')),
  )
  t.strictSame(elsewhere.events, [])
})

t.test('a watch that joins during writes sees what its list did not', async t => {
  const of = resource('joins')
  const writing = new AbortController()
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    let at: Entry | undefined
    while (!writing.signal.aborted) {
      const object = pullRequest(`w${writer}`)
      at = at
        ? await store.write(of, { type: 'update', object, expected: at.resourceVersion })
        : await store.write(of, { type: 'create', object })
    }
  })
  const watches: { known: Map<string, string>; told: Told }[] = []
  for (let index = 0; index < 25; index++) {
    const mine = await store.write(of, { type: 'create', object: pullRequest(`m${index}`) })
    const list = await store.list(of, {})
    t.ok(names(list.entries).includes(mine.name), 'a list holds what was answered before')
    t.ok(list.entries.every(({ resourceVersion: rv }) => !newer(rv, list.resourceVersion)))
    const told = new Told()
    await feed.subscribe(of, {}, list.resourceVersion, told)
    watches.push({
      told,
      known: new Map(list.entries.map(entry => [entry.name, entry.resourceVersion])),
    })
  }
  writing.abort()
  await Promise.all(writers)
  const end = await store.list(of, {})
  await feed.reached(end.resourceVersion, never)
  const want = new Map(end.entries.map(entry => [entry.name, entry.resourceVersion]))
  for (const { known, told } of watches) {
    for (const { entry } of told.events) known.set(entry.name, entry.resourceVersion)
    t.strictSame(known, want)
    t.strictSame(told.disorder, [])
  }
})

t.test('pages at one version stay what they were while others write', async t => {
  const of = resource('pages')
  const versions = new Map<string, string>()
  for (let index = 0; index < 120; index++) {
    const labels = { even: String(index % 2 === 0) }
    const object = pullRequest(`p${String(index).padStart(3, '0')}`, { labels })
    versions.set(
      object.metadata.name,
      (await store.write(of, { type: 'create', object })).resourceVersion,
    )
  }
  const first = await store.list(of, { limit: 50 })
  t.equal(first.more, true)
  t.equal(first.remaining, 70)
  const at = first.resourceVersion
  const writing = new AbortController()
  const writer = async (offset: number) => {
    for (let index = offset; !writing.signal.aborted; index = (index + 4) % 120) {
      const name = `p${String(index).padStart(3, '0')}`
      const expected = versions.get(name)
      // Every third goes and comes back, the others move out of their selector.
      const object = pullRequest(name, { labels: { even: 'never' } })
      if (!expected)
        versions.set(name, (await store.write(of, { type: 'create', object })).resourceVersion)
      else if (index % 3 > 0)
        versions.set(
          name,
          (await store.write(of, { type: 'update', object, expected })).resourceVersion,
        )
      else {
        await store.write(of, { type: 'delete', object, expected })
        versions.delete(name)
      }
    }
  }
  const writers = [0, 1, 2, 3].map(writer)
  const want = Array.from({ length: 120 }, (_, index) => `p${String(index).padStart(3, '0')}`)
  for (let round = 0; round < 15; round++) {
    const seen: string[] = []
    const remaining: (number | undefined)[] = []
    for (let after: Entry | undefined, more = true; more;) {
      const page = await store.list(of, { at, limit: 50, after, namespace })
      t.equal(page.resourceVersion, at)
      seen.push(...names(page.entries))
      remaining.push(page.remaining)
      ;({ more } = page)
      after = page.entries.at(-1)
    }
    t.strictSame(seen, want)
    t.strictSame(remaining, [70, 20, undefined])
    const even = await store.list(of, {
      at,
      labels: [{ key: 'even', operator: 'in', values: ['true'] }],
      limit: 50,
    })
    t.strictSame(names(even.entries), want.filter((_, index) => index % 2 === 0).slice(0, 50))
    t.equal(even.more, true)
    t.equal(even.remaining, undefined)
  }
  writing.abort()
  await Promise.all(writers)
  const now = await store.list(of, {})
  t.strictSame(names(now.entries), [...versions.keys()].toSorted())
  t.strictSame(
    now.entries.map(({ resourceVersion: rv }) => rv),
    now.entries.map(({ name }) => versions.get(name)),
  )
})

t.test('selectors', async t => {
  const of = resource('selects')
  const odd = 'x\0y\ud800"\\ and more'.repeat(300)
  const objects = [
    pullRequest('a', { labels: { tier: 'gold', team: 'red' } }),
    pullRequest('b', { labels: { tier: 'silver', team: 'red' }, spec: { repository: 'api' } }),
    pullRequest('c', { labels: { tier: '' }, spec: { draft: true, number: 7 } }),
    pullRequest('d', { namespace: 'other', spec: { repository: odd } }),
  ]
  for (const object of objects) await store.write(of, { type: 'create', object })
  const label = (key: string, operator: 'in' | 'notin' | 'exists' | '!', ...values: string[]) => ({
    labels: [{ key, operator, values }],
  })
  const field = (name: string, operator: '=' | '!=', value: string) => ({
    fields: [{ field: name, operator, value }],
  })
  for (const [query, want] of [
    [{}, 'abcd'],
    [{ namespace }, 'abc'],
    [{ namespace: 'a\0' }, ''],
    [label('tier', 'in', 'gold'), 'a'],
    [label('tier', 'in', 'gold', 'silver', 'iron'), 'ab'],
    [label('tier', 'notin', 'gold'), 'bcd'],
    [label('tier', 'exists'), 'abc'],
    [label('tier', '!'), 'd'],
    [label('tier', 'in', ''), 'c'],
    [{ ...label('tier', 'in', 'silver'), ...label('team', 'in', 'red') }, 'ab'],
    [
      {
        labels: [...label('tier', 'in', 'silver').labels, ...label('team', 'in', 'red').labels],
      },
      'b',
    ],
    [field('metadata.name', '=', 'b'), 'b'],
    [field('metadata.name', '!=', 'b'), 'acd'],
    [field('metadata.name', '=', '\0'), ''],
    [field('metadata.namespace', '=', 'other'), 'd'],
    [field('spec.repository', '=', 'web'), 'a'],
    [field('spec.repository', '=', ''), 'c'],
    [field('spec.repository', '!=', 'web'), 'bcd'],
    [field('spec.draft', '=', 'true'), 'c'],
    [field('spec.number', '=', '7'), 'c'],
    [field('spec.repository', '=', odd), 'd'],
    [{ limit: 2 }, 'ab'],
    [{ limit: 2, after: { namespace, name: 'b' } }, 'cd'],
    [{ after: { namespace, name: 'b\0' } }, 'cd'],
  ] as const)
    t.equal(
      names((await store.list(of, query)).entries).join(''),
      want,
      JSON.stringify(query).slice(0, 80),
    )
})

t.test('one object at a time holds a claim', async t => {
  const of = resource('claims')
  const a = await store.write(of, { type: 'create', object: pullRequest('a'), claim: 'run/1' })
  const b = { type: 'create', object: pullRequest('b'), claim: 'run/1' } as const
  const taken = await store.write(of, b).catch((error: unknown) => error)
  t.ok(taken instanceof ClaimTaken)
  t.equal((taken as ClaimTaken).holder, 'a')
  await store.write(resource('otherclaims'), b)
  const { resourceVersion: expected } = await store.write(of, {
    type: 'update',
    object: pullRequest('a'),
    expected: a.resourceVersion,
  })
  await store.write(of, b)
  await t.rejects(
    store.write(of, { type: 'update', object: pullRequest('a'), expected, claim: 'run/1' }),
    ClaimTaken,
  )
  const held = (await store.get(of, { namespace, name: 'b' }))!
  await store.unclaim(of, { ...held, resourceVersion: expected })
  const c = { ...b, object: pullRequest('c') }
  await t.rejects(store.write(of, c), ClaimTaken, 'it has changed since')
  await store.unclaim(of, held)
  t.strictSame(await store.get(of, { namespace, name: 'b' }), held)
  await store.write(of, c)
  const many = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      store.write(of, { type: 'create', object: pullRequest(`m${index}`), claim: 'run/2' }),
    ),
  )
  t.equal(many.filter(({ status }) => status === 'fulfilled').length, 1)
})

t.test('a namespace takes no more than it may have, whoever asks', async t => {
  const of = resource('limited')
  const other = open(t).store
  const stores = [store, other]
  const create = (name: string, limit: number) =>
    ({ type: 'create', object: pullRequest(name), limit }) as const
  const many = await Promise.allSettled(
    Array.from({ length: 60 }, (_, index) => stores[index % 2]!.write(of, create(`m${index}`, 5))),
  )
  t.equal(many.filter(({ status }) => status === 'fulfilled').length, 5)
  for (const answer of many.filter(({ status }) => status === 'rejected'))
    t.match(answer, { reason: { name: 'LimitReached', taken: 5 } })
  const { entries } = await store.list(of, { namespace })
  t.equal(entries.length, 5)
  const [first] = entries
  await t.rejects(store.write(of, create(first!.name, 6)), AlreadyExists)
  await store.write(of, { type: 'create', object: pullRequest('free') })
  await t.rejects(store.write(of, create('more', 3)), { name: 'LimitReached', taken: 6 })
  await store.write(of, create('more', 7))
  await store.write(of, {
    type: 'create',
    object: pullRequest('elsewhere', { namespace: 'kradle-org-globex' }),
    limit: 1,
  })
})

t.test('what would be refused is known beforehand', async t => {
  const of = resource('checked')
  const create = (name: string, more: object = {}) =>
    ({ type: 'create', object: pullRequest(name), ...more }) as const
  const a = await store.write(of, create('a', { claim: 'run/1' }))
  await store.check(of, create('b', { limit: 2, claim: 'run/2' }))
  await t.rejects(store.check(of, create('b', { limit: 1 })), { name: 'LimitReached', taken: 1 })
  await t.rejects(store.check(of, create('a')), AlreadyExists)
  await t.rejects(store.check(of, create('b', { claim: 'run/1' })), {
    name: 'ClaimTaken',
    message: /by a$/,
  })
  const object = pullRequest('a')
  const update = { type: 'update', object, expected: a.resourceVersion, claim: 'run/1' } as const
  await store.check(of, update)
  await store.check(of, { type: 'delete', object, expected: '1' })
  await store.write(of, create('b', { claim: 'run/2' }))
  await t.rejects(store.check(of, { ...update, claim: 'run/2' }), {
    name: 'ClaimTaken',
    message: /by b$/,
  })
  t.equal((await store.list(of, {})).entries.length, 2)
})

t.test('versions that are not there', async t => {
  const of = resource('versions')
  const { resourceVersion } = await store.write(of, { type: 'create', object: pullRequest('a') })
  t.equal((await store.list(of, { at: resourceVersion })).entries.length, 1)
  t.equal((await store.list(of, { at: String(BigInt(resourceVersion) - 1n) })).entries.length, 0)
  await t.rejects(
    store.list(of, { at: String(BigInt(resourceVersion) + (1n << 40n)) }),
    FutureVersion,
  )
  await t.rejects(store.list(of, { at: '1' }), ExpiredVersion)
  await t.rejects(feed.subscribe(of, {}, '1', new Told()), ExpiredVersion)
  const aborted = AbortSignal.abort(new Error('gone'))
  await t.rejects(store.list(of, {}, aborted), { message: 'gone' })
  await t.rejects(feed.reached('9'.repeat(19), aborted), { message: 'gone' })
})

t.test('an open transaction holds up versions, and nobody misses anything', async t => {
  const of = resource('holders')
  const holder = new pg.Client({ connectionString: postgres.url })
  await holder.connect()
  await holder.query('begin')
  await holder.query('select pg_current_xact_id()')
  const before = await store.list(of, {})
  const told = new Told()
  await feed.subscribe(of, {}, before.resourceVersion, told)
  const made = await store.write(of, { type: 'create', object: pullRequest('a') })
  const list = store.list(of, {})
  await sleep(200)
  t.match(await registry.metrics(), /^kradle_storage_horizon_lag_seconds 0\.[1-9]/m)
  t.match(await registry.metrics(), /^kradle_storage_sessions{pool="read",state="total"} [1-9]/m)
  t.equal((await store.list(resource('untouched'), {})).entries.length, 0, 'others do not wait')
  t.ok(await store.get(of, { namespace, name: 'a' }), 'nor who asks for one')
  await sleep(300)
  t.strictSame(told.events, [])
  const exact = store.list(of, { at: made.resourceVersion })
  await holder.query('commit')
  t.strictSame(names((await list).entries), ['a'])
  t.strictSame(names((await exact).entries), ['a'])
  await feed.reached(made.resourceVersion, never)
  t.strictSame(told.changes, [change('ADDED', made)])
  await holder.end()
})

t.test('ten thousand objects', async t => {
  const of = resource('thousands')
  const spec = { repository: 'web', title: 'a title', body: 'lorem ipsum dolor '.repeat(60) }
  const start = performance.now()
  await Promise.all(
    Array.from({ length: 10 }, async (_, writer) => {
      for (let index = 0; index < 1_000; index++) {
        const labels = { number: String(index), writer: String(writer) }
        const object = pullRequest(`o${writer * 1_000 + index}`, { labels, spec })
        await store.write(of, { type: 'create', object })
      }
    }),
  )
  t.comment(`written in ${Math.round(performance.now() - start)} ms (fsync on)`)
  const timed = async (what: string, ask: () => Promise<{ entries: readonly Entry[] }>) => {
    const times: number[] = []
    let page = await ask()
    for (let round = 0; round < 5; round++) {
      const begun = performance.now()
      page = await ask()
      times.push(performance.now() - begun)
    }
    t.comment(`${what}: ${times.map(Math.round).join(', ')} ms`)
    return page.entries
  }
  const all = await timed('list of 10,000', () => store.list(of, {}))
  t.equal(all.length, 10_000)
  t.equal((await timed('page of 500', () => store.list(of, { limit: 500 }))).length, 500)
  const labels = [{ key: 'number', operator: 'in', values: ['7'] }] as const
  t.equal((await timed('by a label of 10', () => store.list(of, { labels }))).length, 10)
})

t.test('what is past is told no faster than it is taken', { timeout: 120_000 }, async t => {
  const of = resource('heaps')
  const started = await store.list(of, {})
  const title = 'x'.repeat(100_000)
  for (let index = 0; index < 100; index++)
    await store.write(of, {
      type: 'create',
      object: pullRequest(`n${index}`, { spec: { repository: 'web', title } }),
    })
  const { resourceVersion } = await store.list(of, {})
  const others = [open(t), open(t, { ringBytes: 50_000 })]
  for (const [index, { feed: other }] of others.entries()) {
    // What comes while it is watched is told at once.
    await other.reached(resourceVersion, AbortSignal.timeout(10_000))
    let waiting = 0
    let most = 0
    class Slow extends Told {
      override event(event: StoredEvent): void {
        super.event(event)
        waiting += event.entry.json.length
        most = Math.max(most, waiting)
      }
      async taken(): Promise<boolean> {
        await sleep(20)
        waiting = 0
        return true
      }
    }
    const slow = new Slow()
    await other.subscribe(of, {}, started.resourceVersion, slow)
    await until('all is told', async () => slow.events.length === 100, 20)
    t.ok(most < 2.5 * 1024 ** 2, `${most} bytes in one go, from ${index ? 'the table' : 'memory'}`)
    t.strictSame(slow.disorder, [])
  }
})

t.test('PostgreSQL is killed five times under writes', { timeout: 120_000 }, async t => {
  const of = resource('kills')
  const started = await store.list(of, {})
  const told = [new Told(), new Told(), new Told()]
  for (const each of told) await feed.subscribe(of, {}, started.resourceVersion, each)
  const writing = new AbortController()
  let failures = 0
  const acknowledged: string[] = []
  const latest = new Map<string, string>()
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let index = 0; !writing.signal.aborted; index++) {
      const name = `w${writer}-${index % 20}`
      const object = pullRequest(name, { spec: { repository: `r${index}` } })
      try {
        const at = await store.get(of, { namespace, name })
        const expected = at?.resourceVersion
        const entry = expected
          ? await store.write(of, { type: 'update', object, expected })
          : await store.write(of, { type: 'create', object })
        acknowledged.push(change(expected ? 'MODIFIED' : 'ADDED', entry))
        latest.set(name, entry.resourceVersion)
        // Numbers of transactions that leave nothing behind are given again after a crash.
        if (expected)
          await store.write(of, { type: 'update', object, expected }).catch((error: unknown) => {
            if (!(error instanceof Conflict)) throw error
          })
      } catch (error) {
        const away = error instanceof StorageUnavailable || error instanceof OutcomeUnknown
        if (!away) throw error
        failures += 1
        await sleep(50)
      }
    }
  })
  for (let kill = 0; kill < 5; kill++) {
    await sleep(500)
    await postgres.kill()
    const begun = performance.now()
    await t.rejects(store.get(of, { namespace, name: 'x' }), StorageUnavailable)
    await t.rejects(storage.ready(), StorageUnavailable)
    t.ok(performance.now() - begun < 5_000, 'says so soon')
    await postgres.start()
  }
  await sleep(500)
  writing.abort()
  await Promise.all(writers)
  t.comment(`${acknowledged.length} writes acknowledged, ${failures} failed`)
  const { entries, resourceVersion } = await store.list(of, {})
  const versions = new Map(entries.map(entry => [entry.name, entry.resourceVersion]))
  const lost = [...latest].filter(([name, version]) => newer(version, versions.get(name) ?? '0'))
  t.strictSame(lost, [], 'everything acknowledged is there')
  await feed.reached(resourceVersion, AbortSignal.timeout(10_000))
  for (const each of told) {
    const changes = new Set(each.changes)
    t.strictSame(
      acknowledged.filter(line => !changes.has(line)),
      [],
      'every acknowledged write was told',
    )
    t.equal(changes.size, each.events.length, 'once')
    t.strictSame(each.disorder, [])
    t.equal(each.ended, undefined)
    t.strictSame(each.changes, told[0]!.changes)
  }
})

t.test('a PostgreSQL that goes while the schema is brought up to date is unavailable', async t => {
  const holder = new pg.Client({ connectionString: postgres.url })
  holder.on('error', () => {})
  await holder.connect()
  // By which kysely lets one process migrate at a time.
  await holder.query('select pg_advisory_lock(3853314791062309107)')
  const told = t.rejects(storage.migrate(), StorageUnavailable, 'and no more than that')
  await until('it waits', async () => {
    const { rows } = await holder.query(`select from pg_locks where not granted`)
    return rows.length > 0
  })
  await postgres.kill()
  await told
  await holder.end().catch(() => {})
  await postgres.start()
  await storage.migrate()
  await storage.ready()
})

t.test('a write that PostgreSQL never answered may have happened', async t => {
  const of = resource('unknown')
  const [name, other] = ['blocked', 'free']
  const holder = new pg.Client({ connectionString: postgres.url })
  holder.on('error', () => {})
  await holder.connect()
  const key = `${of.kind.plural}/${namespace}/${name}`
  await holder.query('select pg_advisory_lock(hashtextextended($1, 0))', [key])
  const blocked = store.write(of, { type: 'create', object: pullRequest(name) })
  const told = t.rejects(blocked, OutcomeUnknown)
  await until('it waits', async () => {
    const { rows } = await holder.query(`select from pg_locks where not granted`)
    return rows.length > 0
  })
  await postgres.kill()
  await told
  await holder.end().catch(() => {})
  const refused = store.write(of, { type: 'create', object: pullRequest(other) })
  await t.rejects(refused, StorageUnavailable, 'what could not even be sent has not')
  await postgres.start()
})

t.test('a PostgreSQL that hangs is unavailable in time', async t => {
  await postgres.kill('SIGSTOP')
  const of = resource('hangs')
  const fresh = open(t)
  const begun = performance.now()
  const late = AbortSignal.timeout(1_000)
  await t.rejects(fresh.store.get(of, { namespace, name: 'x' }, late), { name: 'TimeoutError' })
  t.ok(performance.now() - begun < 2_000)
  await t.rejects(fresh.store.get(of, { namespace, name: 'x' }), StorageUnavailable)
  t.ok(performance.now() - begun < 8_000)
  await postgres.kill('SIGCONT')
  await until('it answers again', () =>
    fresh.ready().then(
      () => true,
      () => false,
    ),
  )
})

t.test('watches end when PostgreSQL stays away', async t => {
  const impatient = open(t, { patienceMs: 500 })
  await until('it reads', async () => impatient.feed.position !== '')
  const told = new Told()
  await impatient.feed.subscribe(resource('away'), {}, impatient.feed.position, told)
  await postgres.stop()
  await until('it has ended', async () => told.ended)
  t.equal(told.ended, 'unavailable')
  await postgres.start()
  await until('it is back', () =>
    impatient.ready().then(
      () => true,
      () => false,
    ),
  )
})

t.test('what is purged is gone for its resource alone', async t => {
  const of = resource('purges')
  const quiet = resource('quiets')
  const still = await store.write(quiet, { type: 'create', object: pullRequest('q') })
  const made: Entry[] = []
  for (const name of ['a', 'b', 'c'])
    made.push(await store.write(of, { type: 'create', object: pullRequest(name) }))
  const before = await store.list(of, {})
  t.equal(await storage.purge(), 0, 'ten minutes are kept')
  await feed.reached(before.resourceVersion, never)
  t.ok((await storage.purge(0)) > 1_000)
  await t.rejects(store.list(of, { at: made[0]!.resourceVersion }), ExpiredVersion)
  t.equal((await store.list(of, { at: before.resourceVersion })).entries.length, 3)
  t.equal((await store.list(quiet, { at: still.resourceVersion })).entries.length, 1)
  const now = await store.list(of, {})
  t.equal(now.resourceVersion, before.resourceVersion, 'versions stay')
  // Another process has nothing in memory, and begins behind the floors.
  const other = open(t)
  await t.rejects(
    other.feed.subscribe(of, {}, made[0]!.resourceVersion, new Told()),
    ExpiredVersion,
  )
  const told = new Told()
  await other.feed.subscribe(of, {}, now.resourceVersion, told)
  const last = await store.write(of, {
    type: 'update',
    object: pullRequest('a'),
    expected: made[0]!.resourceVersion,
  })
  await until('it is told', async () => told.events.length)
  t.strictSame(told.changes, [change('MODIFIED', last)])
  t.equal(
    (await store.list(of, { at: now.resourceVersion })).entries[0]!.resourceVersion,
    made[0]!.resourceVersion,
  )
  t.strictSame(
    await storage.unchanged(of, { seconds: 0, limit: 2, after: { namespace, name: 'a' } }),
    [
      { namespace, name: 'b' },
      { namespace, name: 'c' },
    ],
  )
  t.strictSame(await storage.unchanged(of, { seconds: 3_600, limit: 2 }), [])
})

t.test('another history lifts all versions and ends watches', async t => {
  const of = resource('histories')
  const made = await store.write(of, { type: 'create', object: pullRequest('a') })
  const told = new Told()
  await feed.subscribe(of, {}, made.resourceVersion, told)
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  // As after a restore: what the row says is of another server.
  await client.query(`update kradle.timeline set fingerprint = 'another'`)
  await client.end()
  const other = open(t)
  const list = await other.store.list(of, {})
  t.strictSame(names(list.entries), ['a'])
  t.ok(BigInt(list.resourceVersion) - BigInt(made.resourceVersion) > 1n << 42n)
  await t.rejects(other.store.list(of, { at: made.resourceVersion }), ExpiredVersion)
  await until('the watch has ended', async () => told.ended)
  t.equal(told.ended, 'expired')
  const next = await other.store.write(of, {
    type: 'update',
    object: pullRequest('a'),
    expected: made.resourceVersion,
  })
  t.ok(newer(next.resourceVersion, list.resourceVersion))
})
