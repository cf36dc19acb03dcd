import { installCatalogue } from './catalogue.ts'
import { startControlPlane, type ControlPlane } from './control-plane.ts'
import { startDatabase, type Database } from './database.ts'
import { homeAt } from './home.ts'
import { install } from './install.ts'
import { joinKyverno, type Joining } from './kyverno/background.ts'
import { removeWebhooks } from './kyverno/remove.ts'
import { kradleProcesses, startKradle, type KradleStart } from './kradle.ts'
import { keepPeople } from './people.ts'
import { elapsed, type Progress } from './progress.ts'
import type { Settings } from './settings.ts'

/** The whole of a local Kradle: the control plane, what is installed in it, and Kradle's processes. */
export type Stack = {
  readonly kubeconfig: string
  readonly kubectl: string
  stop(): Promise<void>
  forceStop(): void
}

export type StackOptions = {
  /** Whether Kyverno joins, once it is built. */
  readonly kyverno: boolean
}

/** No load balancer has to notice that a local webhook is about to go: waiting for one would only delay Ctrl-C. */
const processes: readonly KradleStart[] = kradleProcesses.map(({ name }) =>
  name === 'webhook' || name === 'apiserver' ? { name, flags: ['--drain-seconds', '0'] } : { name },
)

export async function startStack(
  settings: Settings,
  progress: Progress,
  options: StackOptions,
): Promise<Stack> {
  const begun = Date.now()
  const step = (what: string) => progress.line(`${what} (${elapsed(Date.now() - begun)})`)
  const controlPlane = await startControlPlane({ home: settings.home, settings, progress })
  let database: Database | undefined
  try {
    step(`Kubernetes is ready at ${controlPlane.server}`)
    const [, started] = await Promise.all([
      install(controlPlane),
      startDatabase(homeAt(controlPlane.home), { report: progress.line }),
    ])
    database = started
    const databaseUrl = database.url
    step('kinds, accounts, admission policies and PostgreSQL are there')
    const kradle = await startKradle(controlPlane, { processes, databaseUrl, progress })
    await installCatalogue(controlPlane, progress)
    const people = await keepPeople(controlPlane, progress.line)
    step('Kradle is ready')
    const kyverno = await withKyverno(options, controlPlane, progress)
    return {
      kubeconfig: controlPlane.adminKubeconfig,
      kubectl: controlPlane.kubectl,
      async stop() {
        people.stop()
        await kyverno?.stop()
        await kradle.stop()
        await started.stop()
        await controlPlane.stop()
      },
      forceStop() {
        kyverno?.forceStop()
        kradle.forceStop()
        started.forceStop()
        controlPlane.forceStop()
      },
    }
  } catch (error) {
    await database?.stop()
    await controlPlane.stop()
    throw error
  }
}

async function withKyverno(
  { kyverno }: StackOptions,
  controlPlane: ControlPlane,
  progress: Progress,
): Promise<Joining | undefined> {
  if (kyverno) return joinKyverno(controlPlane, progress)
  const removed = await removeWebhooks(controlPlane)
  if (removed > 0) progress.line(`without Kyverno: removed its ${removed} webhook configurations`)
  return undefined
}
