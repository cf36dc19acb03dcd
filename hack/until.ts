import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from './local/problem.ts'

/** Polls until it holds; rejects with Problem and what was waited for. */
export async function until(
  what: string,
  holds: () => Promise<unknown>,
  seconds = 60,
): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > end) throw new Problem(`after ${seconds} s it is still not so that ${what}`)
    await sleep(100)
  }
}
