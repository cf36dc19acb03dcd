import { execFile, type ChildProcess } from 'node:child_process'

/** What a process of kubectl printed, and its exit code; 1 too where it was ended from outside. */
export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export type Input = object | readonly object[] | string

export interface Call {
  readonly args: readonly string[]
  /** Who asks; undefined is whoever the kubeconfig says. */
  readonly as?: string
  /** For `-f -`: objects are sent as JSON, one after the other. */
  readonly input?: Input
  /** The process is ended after so many (60). */
  readonly seconds?: number
  /** Told of all that was printed so far; the process is ended once it says that this is enough. */
  readonly hears?: (stdout: string) => boolean
}

export interface Kubectl {
  run(call: Call): Promise<Said>
  /** Ends the processes that run; from then on calls throw, but for those of `whileStopping`. */
  stop(): void
  readonly isStopped: boolean
  /** The same after `stop`, to clean up. */
  readonly whileStopping: Kubectl
}

export interface KubectlOptions {
  readonly file: string
  /** kubectl remembers there what a cluster serves; one of our own, as nothing of ours is to stay in the user's. */
  readonly cacheDir: string
}

const MAX_BUFFER = 64 * 1024 * 1024

/** The kubectl of the user, on the cluster of his KUBECONFIG, without a shell in between. */
export function kubectlOf(options: KubectlOptions): Kubectl {
  const running = new Set<ChildProcess>()
  let isStopped = false
  const start = ({ args, as, input, seconds = 60, hears }: Call): Promise<Said> =>
    new Promise((resolve, reject) => {
      const flags = [`--cache-dir=${options.cacheDir}`, ...(as === undefined ? [] : [`--as=${as}`])]
      const child = execFile(
        options.file,
        [...args, ...flags],
        { maxBuffer: MAX_BUFFER, timeout: seconds * 1000 },
        (error, stdout, stderr) => {
          running.delete(child)
          if (error && error.code === 'ENOENT') return reject(error)
          const code = !error ? 0 : typeof error.code === 'number' ? error.code : 1
          const ended = error?.killed === true ? `${stderr}(ended after ${seconds} s)` : stderr
          resolve({ code, stdout, stderr: ended })
        },
      )
      running.add(child)
      let heard = ''
      if (hears)
        child.stdout?.on('data', (part: string) => {
          if (hears((heard += part))) child.kill()
        })
      // A process that ends before it has read everything is no error of ours.
      child.stdin?.on('error', () => {})
      child.stdin?.end(input === undefined ? '' : textOf(input))
    })
  const stop = () => {
    isStopped = true
    for (const child of running) child.kill()
  }
  const whileStopping: Kubectl = {
    run: start,
    stop,
    get isStopped() {
      return isStopped
    },
    get whileStopping() {
      return whileStopping
    },
  }
  return {
    run: async call => {
      if (isStopped) throw new Interrupted()
      const said = await start(call)
      if (isStopped) throw new Interrupted()
      return said
    },
    stop,
    get isStopped() {
      return isStopped
    },
    whileStopping,
  }
}

/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted')
  }
}

/** No List, as kubectl judges what is in one by itself, without knowing what is filled in. */
const textOf = (input: Input): string =>
  typeof input === 'string'
    ? input
    : [input]
        .flat()
        .map(object => JSON.stringify(object))
        .join('\n')

const LONGEST_INPUT = 1500

/** The call as one would type it, its input cut where it is long. */
export function commandOf({ args, as, input }: Call): string {
  const words = ['kubectl', ...args, ...(as === undefined ? [] : [`--as=${as}`])]
  const command = words.map(quoted).join(' ')
  if (input === undefined) return command
  const text = textOf(input).trimEnd()
  const cut = text.length > LONGEST_INPUT ? `${text.slice(0, LONGEST_INPUT)}...` : text
  return `${command} <<'EOF'\n${cut}\nEOF`
}

const quoted = (word: string): string =>
  /^[-\w./:=,@%+]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
