import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '#hack/local/problem.ts'

/** Polls until it holds; rejects with Problem and what was waited for. */
export async function until(
  what: string,
  seconds: number,
  holds: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > end) throw new Problem(`after ${seconds} s it is still not so that ${what}`)
    await sleep(500)
  }
}
