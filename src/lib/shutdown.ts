/**
 * Aborted by SIGTERM or SIGINT, so that the process can finish what it does. A second
 * signal ends it at once, as it would have been without us.
 */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController()
  const signals = ['SIGTERM', 'SIGINT'] as const
  const stop = () => {
    for (const signal of signals) process.off(signal, stop)
    controller.abort()
  }
  for (const signal of signals) process.on(signal, stop)
  return controller.signal
}
