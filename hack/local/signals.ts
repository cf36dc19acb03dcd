const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** One Ctrl-C arrives twice under npm: from the terminal and passed on. Only a later one is a second wish. */
const samePress = 1_000

/** Calls `first` for the first wish to stop and `again` for each further one. Returns a way to let go. */
export function onStop(first: (signal: NodeJS.Signals) => void, again: () => void): () => void {
  let asked: number | undefined
  const heard = (signal: NodeJS.Signals) => {
    if (asked === undefined) {
      asked = Date.now()
      first(signal)
    } else if (Date.now() - asked > samePress) again()
  }
  for (const signal of stopSignals) process.on(signal, heard)
  return () => {
    for (const signal of stopSignals) process.off(signal, heard)
  }
}
