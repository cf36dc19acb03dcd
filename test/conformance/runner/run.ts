import type { Area, Scenario } from '../scenario.ts'
import type { Cluster } from './cluster.ts'
import { Failure } from './failure.ts'
import { Interrupted, type Kubectl } from './kubectl.ts'
import { roleBinding } from './objects.ts'
import {
  areGone,
  createOrganization,
  deleteOrganization,
  LABEL,
  namespaceOf,
  PLATFORM,
} from './organisation.ts'
import { stageOf, type Stage } from './stage.ts'

export interface Result {
  readonly scenario: Scenario
  readonly area: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly seconds: number
  /** Why it was skipped. */
  readonly why?: string
  readonly failed?: { readonly step: string; readonly error: Error }
}

export interface RunOptions {
  readonly kubectl: Kubectl
  readonly cluster: Cluster
  /** `kct-` and six characters; all that is made begins with it. */
  readonly run: string
  /** Told of each as soon as it is over. */
  readonly report: (result: Result) => void
}

export interface Outcome {
  readonly results: readonly Result[]
  readonly wasInterrupted: boolean
  /** What could not be taken away again. */
  readonly left: readonly Error[]
}

/** So many areas at once: more would wait for each other. */
const AT_ONCE = 3

/** Runs all areas and takes away whatever they made, whether they fail or are interrupted. */
export async function runAreas(areas: readonly Area[], options: RunOptions): Promise<Outcome> {
  const results: Result[] = []
  const made: string[] = []
  const left: Error[] = []
  const report = (result: Result) => {
    results.push(result)
    options.report(result)
  }
  const queue = [...areas]
  const worker = async () => {
    for (let area = queue.shift(); area && !options.kubectl.isStopped; area = queue.shift())
      await runArea(area, { ...options, report }, made, left)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  await cleanUp(options, made, left)
  return { results, wasInterrupted: options.kubectl.isStopped, left }
}

async function runArea(
  area: Area,
  options: RunOptions,
  made: string[],
  left: Error[],
): Promise<void> {
  const { cluster, report } = options
  const skippedBecause = ({ needs = [] }: Scenario): string | undefined =>
    needs.map(need => cluster.missing.get(need)).find(why => why !== undefined)
  for (const scenario of area.scenarios) {
    const why = skippedBecause(scenario)
    if (why !== undefined)
      report({ scenario, area: area.name, outcome: 'skipped', seconds: 0, why })
  }
  const wanted = area.scenarios.filter(scenario => skippedBecause(scenario) === undefined)
  if (wanted.length === 0) return
  const slugs = slugsOf(area, options.run)
  made.push(...slugs)
  try {
    const stage = await prepared(area, slugs, options)
    for (const scenario of wanted) report(await played(scenario, area, stage))
  } catch (error) {
    if (error instanceof Interrupted) return
    const failed = { step: 'the organisation and what it needs are made', error: error as Error }
    for (const scenario of wanted)
      report({ scenario, area: area.name, outcome: 'failed', seconds: 0, failed })
  } finally {
    for (const slug of slugs)
      await deleteOrganization(options.kubectl.whileStopping, slug).catch((error: Error) =>
        left.push(error),
      )
  }
}

const slugsOf = ({ name, organizations }: Area, run: string): readonly string[] =>
  organizations === 1 ? [`${run}-${name}`] : [`${run}-${name}`, `${run}-${name}-other`]

async function prepared(
  { people, prepare }: Area,
  slugs: readonly string[],
  { kubectl, cluster, run }: RunOptions,
): Promise<Stage> {
  await Promise.all(slugs.map(slug => createOrganization(kubectl, slug, run)))
  const [org, otherOrg = org] = slugs as [string, string?]
  const stage = stageOf(
    {
      org,
      namespace: namespaceOf(org),
      otherOrg,
      otherNamespace: namespaceOf(otherOrg),
      run,
      admin: cluster.admin,
      has: cluster.has,
    },
    kubectl,
  )
  const bound = Object.entries(people).map(([name, persona]) =>
    roleBinding(`conformance-${name}`, { kind: 'ClusterRole', name: `kradle-${persona}` }, [
      stage.person(name),
    ]),
  )
  if (bound.length > 0) await stage.comes(['create', '-f', '-'], { input: [...bound] })
  // RBAC and admission follow what is written with a delay; who comes first would be refused.
  for (const name of Object.keys(people))
    await stage.comes(['auth', 'can-i', 'list', 'teams.kradle.a5c.ai'], {
      as: stage.person(name),
      says: 'yes',
    })
  await prepare?.(stage)
  return stage
}

async function played(scenario: Scenario, { name: area }: Area, stage: Stage): Promise<Result> {
  const begun = performance.now()
  const seconds = () => (performance.now() - begun) / 1000
  for (const { title, run } of scenario.steps)
    try {
      await run(stage)
    } catch (error) {
      if (error instanceof Interrupted) throw error
      const failed = { step: title, error: asError(error) }
      return { scenario, area, outcome: 'failed', seconds: seconds(), failed }
    }
  return { scenario, area, outcome: 'passed', seconds: seconds() }
}

const asError = (error: unknown): Error =>
  error instanceof Failure || error instanceof Error ? error : new Error(String(error))

/** Waits for what was deleted, and deletes what does not live in an organisation. */
async function cleanUp(
  { kubectl, run }: RunOptions,
  slugs: readonly string[],
  left: Error[],
): Promise<void> {
  const { whileStopping } = kubectl
  const ours = ['-n', PLATFORM, '-l', `${LABEL}=${run}`, '--ignore-not-found']
  const templates = await whileStopping.run({
    args: ['delete', 'policytemplates.kradle.a5c.ai', ...ours],
  })
  if (templates.code !== 0) left.push(new Error(templates.stderr.trim()))
  await areGone(whileStopping, slugs).catch((error: Error) => left.push(error))
}
