import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type t from 'tap'
import { startControlPlane, type ControlPlane } from '#hack/local/control-plane.ts'
import { startDatabase, type Database } from '#hack/local/database.ts'
import { homeAt } from '#hack/local/home.ts'
import { install } from '#hack/local/install.ts'
import { kyvernoNames, type KyvernoName } from '#hack/local/kyverno/artefacts.ts'
import { startKyverno, type Kyverno } from '#hack/local/kyverno/kyverno.ts'
import {
  deciding,
  kradleProcesses,
  startKradle,
  type Kradle,
  type KradleOptions,
  type KradleStart,
} from '#hack/local/kradle.ts'
import { until } from '#hack/until.ts'
import { Organization, Team, type IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import { orgScopedKinds } from '#src/api/kinds.ts'
import { orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { loadClient, type Client } from '#src/lib/client.ts'

export { until } from '#hack/until.ts'

/** A control plane with Kradle on it, for one test file; gone when the file ends. */
export interface Running {
  readonly controlPlane: ControlPlane
  readonly kradle: Kradle
  /** Where one of the processes stores something there. */
  readonly database: Database | undefined
  /** Where the test asked for it. */
  readonly kyverno: Kyverno | undefined
  /** As cluster-admin. */
  readonly client: Client
  /** Runs the real kubectl as cluster-admin; never throws. */
  readonly kubectl: (args: readonly string[], input?: object | string) => Promise<Said>
}

export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** All of Kradle. */
export const allProcesses: readonly KradleStart[] = kradleProcesses.map(({ name }) =>
  name === 'apiserver' ? { name, flags: ['--drain-seconds', '0'] } : { name },
)

/** What decides, and the activity API with its PostgreSQL. */
export const withActivity: readonly KradleStart[] = [
  ...deciding,
  ...allProcesses.filter(({ name }) => name === 'apiserver'),
]

export interface RunningOptions extends KradleOptions {
  /** Of PostgreSQL, for tests of what outlives it (false). */
  readonly fsync?: boolean
  /** Kyverno beside it: all of its controllers, or these. From then on policies are judged; 10 s more, and memory for each. */
  readonly kyverno?: boolean | readonly KyvernoName[]
}

/** Starts `deciding`; a test that needs more of Kradle says so by `processes`. */
export async function running(
  test: typeof t,
  options: RunningOptions = {},
  apiserverFlags: readonly string[] = [],
): Promise<Running> {
  const home = mkdtempSync(join(tmpdir(), 'kradle-test-'))
  // One after the other, last started first: a folder that goes before its processes would have them restarted.
  const stop: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })]
  test.teardown(async () => {
    for (const step of stop.toReversed()) await step()
    endSoon()
  })
  const controlPlane = await startControlPlane({ home, unsafeNoFsync: true, apiserverFlags })
  stop.push(() => controlPlane.stop())
  const { processes = deciding, fsync = false, kyverno: wanted = false } = options
  const [database] = await Promise.all([
    processes.some(({ name }) => name === 'apiserver') ? databaseIn(home, fsync) : undefined,
    install(controlPlane),
  ])
  if (database) stop.push(() => database.stop())
  const databaseUrl = database?.url ?? ''
  const kradle = await startKradle(controlPlane, { databaseUrl, ...options, processes })
  stop.push(() => kradle.stop())
  const kyverno = wanted
    ? await startKyverno(controlPlane, { names: wanted === true ? kyvernoNames : wanted })
    : undefined
  if (kyverno) stop.push(() => kyverno.stop())
  const client = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
  stop.push(() => client.close())
  const kubectl: Running['kubectl'] = (args, input) =>
    run(controlPlane.kubectl, ['--kubeconfig', controlPlane.adminKubeconfig, ...args], input)
  await policiesInForce(client)
  return { controlPlane, kradle, database, kyverno, client, kubectl }
}

/** Something forgotten would keep the process, and the whole run, until the time of the file is over: fails it sooner, and says what it was. */
function endSoon(): void {
  setTimeout(() => {
    process.stderr.write(`still there after the end: ${process.getActiveResourcesInfo().join()}\n`)
    process.exit(1)
  }, 60_000).unref()
}

function databaseIn(home: string, fsync: boolean): Promise<Database> {
  // Under root it runs as somebody else, who has to pass through here.
  chmodSync(home, 0o755)
  return startDatabase(homeAt(home), { fsync, report: () => {} })
}

async function run(file: string, args: readonly string[], input?: object | string): Promise<Said> {
  const child = promisify(execFile)(file, args, { maxBuffer: 64 * 1024 * 1024 })
  child.child.stdin?.end(typeof input === 'object' ? JSON.stringify(input) : (input ?? ''))
  try {
    return { code: 0, ...(await child) }
  } catch (error) {
    const { code, stdout, stderr } = error as Said
    return { code, stdout, stderr }
  }
}

/** The API server takes seconds to see a new admission policy; tests of what it refuses have to wait for that. */
async function policiesInForce(client: Client): Promise<void> {
  const probe = team('probe')
  probe.metadata.namespace = 'default'
  await until('the admission policies are in force', async () => {
    const refused = await client.apply(Team, probe, { fieldManager: 'test', dryRun: true }).then(
      () => '',
      (error: Error) => error.message,
    )
    return refused.includes('kradle-organization-scope')
  })
}

/** Creates an organisation and waits until it is Ready. */
export async function createOrganization(client: Client, slug: string): Promise<Organization> {
  await client.create(Organization, {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'Organization',
    metadata: { name: slug, namespace: PLATFORM_NAMESPACE },
    spec: { displayName: slug, namespaceName: orgNamespace(slug) },
  })
  await until(`organization ${slug} is Ready`, async () => isReady(await get(client, slug)))
  await Promise.all(orgScopedKinds.map(kind => defaulted(client, kind, orgNamespace(slug))))
  return (await get(client, slug))!
}

/** Mutating admission policies learn of a new kind some seconds after it is served, and until then nothing incomplete passes. */
const defaulted = (client: Client, kind: Kind, namespace: string) =>
  until(`the API server can fill in ${kind.plural}`, async () => {
    const bare = {
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata: { name: 'bare', namespace },
    }
    const answer = client.apply(kind, bare, { fieldManager: 'test', dryRun: true })
    return answer.then(
      () => true,
      (error: Error) => !error.message.includes('There can be a delay'),
    )
  })

const get = (client: Client, slug: string) => client.get(Organization, slug, PLATFORM_NAMESPACE)

const isReady = (organization: Organization | undefined): boolean =>
  organization?.status?.conditions?.some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  ) ?? false

/** A complete Team of organisation `acme`. */
export const team = (name: string, slug = 'acme'): Team => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'Team',
  metadata: {
    name,
    namespace: orgNamespace(slug),
    labels: { 'kradle.a5c.ai/org': slug },
  },
  spec: { organizationRef: slug, displayName: name },
})

/** A complete IdentityMapping: a write that no admission policy can decide alone, so that the webhook is called. */
export const mapping = (name: string, slug = 'acme'): IdentityMapping => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'IdentityMapping',
  metadata: {
    name,
    namespace: orgNamespace(slug),
    labels: { 'kradle.a5c.ai/org': slug },
  },
  spec: { organizationRef: slug, user: 'jane', provider: 'forge', subject: name },
})
