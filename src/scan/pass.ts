import { resourceOf, type Kind } from '#src/api/kind.ts'
import { slugOfNamespace } from '#src/api/names.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Report } from '#src/api/policy-reports.ts'
import type { Client } from '#src/lib/client.ts'
import type { Logger } from '#src/lib/log.ts'
import { lookupsOf } from '#webhooks/registry.ts'
import { asked, judgeKept, type Means } from './judge.ts'
import { judgedKinds } from './kept.ts'
import { isJudged } from './over.ts'
import { untilWhole } from './again.ts'
import { ahead } from './ahead.ts'
import { eachPage } from './pages.ts'
import type { KeptView } from './reads.ts'
import { ANNOTATION_CUT, OWN_REPORTS, reportKinds, type ReportApi } from './report-api.ts'
import { entriesOf } from './entries.ts'
import { reportsOf } from './shards.ts'
import { Tally } from './tally.ts'
import { writeReports, type Written } from './write.ts'

export interface PassOptions {
  readonly client: Client
  readonly log: Logger
  readonly means: Means
  readonly view: KeptView
  readonly api: ReportApi
  readonly signal: AbortSignal
  /** Throws where another process may be at work, so that nothing more may be written. */
  readonly check: () => void
}

/**
 * Of most kinds there is nothing, and to hear so takes up to 100 ms: the API server lets a list wait until what it has of the
 * kind is as new as all of etcd, and asks etcd every 100 ms. A page or two of each is in memory.
 */
const KINDS_AT_ONCE = 12

/** What a pass came to. */
export interface Passed {
  readonly objects: number
  /** Kinds that could not be read. */
  readonly unread: readonly string[]
  readonly results: Readonly<Record<'pass' | 'fail' | 'warn' | 'error', number>>
  readonly reports: number
  readonly cut: number
  readonly written: readonly Written[]
  readonly seconds: { readonly judging: number; readonly writing: number }
}

/**
 * Looks through everything once and writes what came of it. A kind that cannot be read keeps what was said of it before;
 * where reports cannot be read, it rejects and nothing is written.
 */
export async function pass(options: PassOptions): Promise<Passed> {
  const { client, means, api, signal, check, log } = options
  const look = async (judged: Kind) => {
    try {
      // By itself first: of a kind that is read in part nothing may count.
      return { judged, part: await untilWhole(() => scanned(judged, options)) }
    } catch (error) {
      signal.throwIfAborted()
      log.warn({ resource: resourceOf(judged), err: error }, 'kind could not be looked through')
      return { judged }
    }
  }
  const started = performance.now()
  const kind = reportKinds[api]
  const tally = new Tally()
  const unread: Kind[] = []
  let objects = 0
  // In their order: which results are cut depends on it.
  for await (const { judged, part } of ahead(judgedKinds(means.rules), KINDS_AT_ONCE, look)) {
    if (!part) unread.push(judged)
    else {
      tally.merge(part.tally)
      objects += part.objects
    }
  }
  const judgedAt = performance.now()
  const { items } = await client.list(kind, { labelSelector: OWN_REPORTS, signal })
  const live = Map.groupBy(items, ({ metadata }) => metadata.namespace ?? '')
  for (const [namespace, reports] of live)
    for (const entry of entriesOf(reports, unread)) tally.keep(namespace, entry)

  const written: Written[] = []
  const wanted: Report[] = []
  for (const namespace of new Set([...tally.namespaces.keys(), ...live.keys()])) {
    check()
    const existing = live.get(namespace) ?? []
    const buckets = tally.namespaces.get(namespace)
    const reports = buckets
      ? reportsOf(namespace, buckets, {
          api,
          existing,
          unread: unread.map(resourceOf),
          now: new Date(),
        })
      : []
    wanted.push(...reports)
    try {
      written.push(...(await writeReports(client, kind, reports, existing, signal)))
    } catch (error) {
      signal.throwIfAborted()
      // What goes wrong in one namespace is not to be felt in the others.
      log.warn({ namespace, err: error }, 'reports could not be written')
      written.push('failed')
    }
  }
  return {
    objects,
    unread: unread.map(resourceOf),
    ...totalOf(wanted),
    written,
    seconds: {
      judging: (judgedAt - started) / 1000,
      writing: (performance.now() - judgedAt) / 1000,
    },
  }
}

/** Judges everything of a kind in the namespaces of organisations. */
async function scanned(kind: Kind, { client, means, view, signal }: PassOptions) {
  const tally = new Tally()
  let objects = 0
  await eachPage(client, kind, signal, async items => {
    const page = items.filter(object => isOurs(object) && isJudged(kind, object))
    const questions = page.map(object => asked(kind, object, means.rules))
    const reads = questions.flatMap(({ registry, request }) =>
      lookupsOf(registry.rulesFor(request), request),
    )
    const cluster = await view.view(reads, new Date(), signal)
    for (const question of questions)
      tally.add(kind, question.object, judgeKept(question, means.schemas, cluster))
    objects += page.length
  })
  return { tally, objects }
}

const isOurs = ({ metadata }: UnknownObject): boolean =>
  slugOfNamespace(metadata.namespace ?? '') !== undefined

function totalOf(reports: readonly Report[]): Pick<Passed, 'results' | 'reports' | 'cut'> {
  const sum = (count: (report: Report) => number) =>
    reports.reduce((total, report) => total + count(report), 0)
  const of = (result: 'pass' | 'fail' | 'warn' | 'error') =>
    sum(({ summary }) => summary?.[result] ?? 0)
  return {
    results: { pass: of('pass'), fail: of('fail'), warn: of('warn'), error: of('error') },
    reports: reports.length,
    cut: sum(({ metadata }) => Number(metadata.annotations?.[ANNOTATION_CUT] ?? 0)),
  }
}
