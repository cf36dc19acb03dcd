/** How the long parts of a start talk to the person waiting. */
export type Progress = {
  readonly line: (text: string) => void
  /** Runs the work while showing the label and the time it has taken. */
  task<T>(label: string, work: (note: (detail: string) => void) => Promise<T>): Promise<T>
}

type Output = { write(text: string): unknown; readonly isTTY?: boolean | undefined }

export const quiet: Progress = {
  line: () => {},
  task: (_label, work) => work(() => {}),
}

/** On a terminal one line is rewritten every second; elsewhere (CI, a log file) a line every 15 s shows life. */
export function progressOn(output: Output, now: () => number = Date.now): Progress {
  return {
    line: text => void output.write(`${text}\n`),
    task(label, work) {
      const begun = now()
      let detail = ''
      const status = () => `${label}${detail && ` (${detail})`} ${elapsed(now() - begun)}`
      const show = () =>
        void output.write(output.isTTY ? `\r\u001b[2K${status()}` : `${status()}\n`)
      show()
      const timer = setInterval(show, output.isTTY ? 1000 : 15_000)
      const end = (word: string) =>
        void output.write(
          `${output.isTTY ? '\r\u001b[2K' : ''}${label}: ${word} after ${elapsed(now() - begun)}\n`,
        )
      return Promise.resolve()
        .then(() => work(text => (detail = text)))
        .then(
          result => {
            end('done')
            return result
          },
          (error: unknown) => {
            end('failed')
            throw error
          },
        )
        .finally(() => clearInterval(timer))
    },
  }
}

export function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
