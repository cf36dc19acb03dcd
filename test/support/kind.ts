import { join } from 'node:path'
import type t from 'tap'
import { command, ended, type Ended } from '#hack/command.ts'
import { installRelease, uninstallRelease } from '#hack/kind/release.ts'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { IdentityMapping, Organization } from '#src/api/identity/v1alpha1.ts'
import { orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { loadClient, type Client } from '#src/lib/client.ts'
import { Load, tally } from '#test/support/load.ts'
import { createOrganization, mapping, until } from '#test/support/running.ts'

/** The kind cluster that `npm run test:kind` made, with Kradle on it. */
export interface KindCluster {
  readonly name: string
  readonly nodes: readonly string[]
  readonly kubeconfig: string
  readonly image: string
  readonly client: Client
  /** Never throws. */
  readonly kubectl: (...args: readonly string[]) => Promise<Ended>
  /** Throws where it fails, and resolves to what it printed. */
  readonly asked: (...args: readonly string[]) => Promise<string>
  /** In kradle-system. */
  readonly deployments: () => Promise<string[]>
  /** Waits until a Deployment is as it was asked for, or all of them are. */
  readonly settled: (...names: readonly string[]) => Promise<void>
  readonly upgrade: (chart: string, image: string, values?: readonly string[]) => Promise<void>
  readonly uninstall: () => Promise<void>
}

const given = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run this by npm run test:kind`)
  return value
}

export function kindCluster(test: typeof t): KindCluster {
  const kubeconfig = given('KUBECONFIG')
  const name = given('KRADLE_KIND_CLUSTER')
  const helm = given('KRADLE_HELM')
  const client = loadClient({ kubeconfig })
  test.teardown(() => client.close())
  const kubectl = (...args: readonly string[]) => ended('kubectl', args)
  const asked = (...args: readonly string[]) => command('kubectl', args)
  const namesOf = async (kind: string) =>
    (await asked('get', kind, '-n', PLATFORM_NAMESPACE, '-o', 'name'))
      .split('\n')
      .filter(Boolean)
      .map(each => each.split('/')[1]!)
  const deployments = () => namesOf('deployments')
  return {
    name,
    nodes: [`${name}-control-plane`, `${name}-worker`],
    kubeconfig,
    image: given('KRADLE_IMAGE'),
    client,
    kubectl,
    asked,
    deployments,
    async settled(...names) {
      for (const each of names.length > 0 ? names : await deployments())
        await asked(
          'rollout',
          'status',
          `deployment/${each}`,
          '-n',
          PLATFORM_NAMESPACE,
          '--timeout=300s',
        )
    },
    upgrade: (chart, image, values = []) =>
      installRelease({ helm, kubeconfig, chart, image, values }),
    uninstall: () => uninstallRelease({ helm, kubeconfig }),
  }
}

export const CHART = join(process.cwd(), 'charts/kradle')

/** An organisation to write to; made at the first use, and left for the drills that follow. */
export async function drillOrganization(client: Client, slug = 'drill'): Promise<string> {
  const there = await client.get(Organization, slug, PLATFORM_NAMESPACE)
  if (!there) await createOrganization(client, slug)
  return slug
}

/** What goes on while a drill is on: configuration that the webhook judges, and what PostgreSQL keeps. */
export interface Writes {
  readonly configuration: Load
  readonly activity: Load
  /** Ends both; resolves to lines about them. */
  stop(): Promise<string[]>
  /** What went wrong so far. */
  readonly failures: () => string[]
}

let round = 0

/** As long as the API server itself takes at most, like kubectl: slow is not failed. */
const PATIENT = { timeoutMs: 60_000 }

/** Goes on until it is stopped, or the test ends. */
export function writing(test: Pick<typeof t, 'teardown'>, client: Client, slug: string): Writes {
  const perSecond = 4
  // Names of an earlier drill may still be there.
  const run = `${Date.now().toString(36)}-${++round}`
  const configuration = new Load(perSecond, async index => {
    const name = `w-${run}-${index}`
    await client.create(IdentityMapping, mapping(name, slug), PATIENT)
    await client.delete(IdentityMapping, name, orgNamespace(slug), PATIENT)
  })
  const activity = new Load(perSecond, async index => {
    const name = `w-${run}-${index}`
    await client.create(PullRequest, pullRequest(name, slug), PATIENT)
    await client.delete(PullRequest, name, orgNamespace(slug), PATIENT)
  })
  const stop = () => Promise.all([configuration.stop(), activity.stop()])
  test.teardown(stop)
  return {
    configuration,
    activity,
    async stop() {
      await stop()
      return [configuration.summary('configuration'), activity.summary('activity')]
    },
    failures: () => [...tally(configuration.writes), ...tally(activity.writes)],
  }
}

export const pullRequest = (name: string, slug: string): PullRequest => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'PullRequest',
  metadata: { name, namespace: orgNamespace(slug) },
  spec: {
    organizationRef: slug,
    repository: 'app',
    title: 'Retry a failed upload',
    draft: false,
    state: 'open',
    source: { ref: 'fix/upload-retry' },
    target: { ref: 'main' },
  },
})

/** Waits until both are written again without an error. */
export async function writable(client: Client, slug: string, seconds = 120): Promise<void> {
  for (const [what, kind, object] of [
    ['configuration', IdentityMapping, mapping('probe', slug)],
    ['activity', PullRequest, pullRequest('probe', slug)],
  ] as const)
    await until(
      `${what} can be written`,
      () =>
        client
          .apply<typeof object>(kind as never, object, { fieldManager: 'drill', dryRun: true })
          .then(
            () => true,
            () => false,
          ),
      seconds,
    )
}
