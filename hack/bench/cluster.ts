import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { apiClient, type Api } from '#hack/local/api.ts'
import { startControlPlane, type ControlPlane } from '#hack/local/control-plane.ts'
import { removeDatabaseFolder } from '#hack/local/database-folder.ts'
import { homeAt, type Home } from '#hack/local/home.ts'
import { stopLeftovers } from '#hack/local/leftovers.ts'
import { tryLock } from '#hack/local/lock.ts'
import { Problem } from '#hack/local/problem.ts'
import type { Progress } from '#hack/local/progress.ts'
import type { Settings } from '#hack/local/settings.ts'

/** An empty control plane in a folder of its own, with data written to the disk as in earnest. */
export type Cluster = {
  readonly home: Home
  readonly controlPlane: ControlPlane
  /** As system:masters. */
  readonly api: Api
  /** What is started on it is stopped before it, last started first. */
  readonly stops: (() => Promise<unknown>)[]
  readonly stop: () => Promise<void>
}

export async function startCluster(settings: Settings, progress: Progress): Promise<Cluster> {
  const root = join(settings.home, 'bench')
  const home = homeAt(root)
  const lock = tryLock(`${root}.lock`)
  if (!('release' in lock)) throw new Problem(`a benchmark already runs here (pid ${lock.pid})`)
  await stopLeftovers(home.run, progress.line)
  removeDatabaseFolder(home.postgres)
  rmSync(root, { recursive: true, force: true })
  const controlPlane = await startControlPlane({ home: root, settings, progress })
  const api = apiClient(controlPlane.server, controlPlane.adminCertificate, 30_000)
  const stops: (() => Promise<unknown>)[] = [() => controlPlane.stop()]
  return {
    home,
    controlPlane,
    api,
    stops,
    async stop() {
      api.close()
      for (const each of stops.toReversed()) await each()
      lock.release()
    },
  }
}
