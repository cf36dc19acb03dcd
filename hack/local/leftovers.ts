import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, type ProcessIdentity } from './process-identity.ts'

type Left = ProcessIdentity & { readonly name: string; readonly file: string }

/** Servers before what they stand on; whatever is not named here goes first. */
const lastToGo = ['postgres', 'kube-controller-manager', 'kube-apiserver', 'etcd']

/**
 * Stops the children of a supervisor that was killed before it could.
 *
 * Exactly those: a pid file counts only while a process with that pid and that
 * start time is there, so that a reused pid never costs a stranger his life.
 */
export async function stopLeftovers(run: string, report: (line: string) => void): Promise<void> {
  for (const left of inOrder(found(run))) {
    if (isAlive(left)) {
      report(`stopping ${left.name} (pid ${left.pid}), left over from a run that was killed`)
      await end(left)
    }
    rmSync(left.file, { force: true })
  }
}

async function end(left: Left): Promise<void> {
  // Told SIGTERM, PostgreSQL would wait for its clients to leave.
  signal(left, left.name === 'postgres' ? 'SIGINT' : 'SIGTERM')
  signal(left, 'SIGCONT')
  const patience = Date.now() + 10_000
  while (isAlive(left)) {
    if (Date.now() > patience) signal(left, 'SIGKILL')
    await sleep(50)
  }
}

function signal({ pid }: Left, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone in between.
  }
}

function found(run: string): Left[] {
  if (!existsSync(run)) return []
  return readdirSync(run)
    .filter(entry => entry.endsWith('.json'))
    .flatMap(entry => {
      const file = join(run, entry)
      try {
        const left = JSON.parse(readFileSync(file, 'utf8')) as Left
        return [{ ...left, file }]
      } catch {
        // Cut off while it was written; it names nobody.
        rmSync(file, { force: true })
        return []
      }
    })
}

function inOrder(left: Left[]): Left[] {
  return left.toSorted((a, b) => lastToGo.indexOf(a.name) - lastToGo.indexOf(b.name))
}
