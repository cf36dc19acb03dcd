import { compareVersions } from './versions.ts'

interface Milestone {
  readonly version: string
  readonly pass: () => void
}

/** Those who wait until a version has been reached. */
export class Milestones {
  readonly #waiting = new Set<Milestone>()

  /** Resolves once `reach` has been told of this version, or of a later one; rejects with the reason of the signal. */
  wait(version: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const leave = () => {
        this.#waiting.delete(milestone)
        signal.removeEventListener('abort', aborted)
      }
      const aborted = () => {
        leave()
        reject(signal.reason as Error)
      }
      const milestone = {
        version,
        pass: () => {
          leave()
          resolve()
        },
      }
      this.#waiting.add(milestone)
      signal.addEventListener('abort', aborted)
    })
  }

  reach(position: string): void {
    for (const { version, pass } of this.#waiting)
      if (compareVersions(version, position) <= 0) pass()
  }
}
