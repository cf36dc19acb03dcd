/** Runs tasks, at most `most` of them at a time; whoever comes later waits for his turn. */
export function limit(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async task => {
    // Whoever is done hands his place on, so that nobody slips in between.
    if (running < most) running++
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
