import { spawn } from 'node:child_process'
import { Problem } from './local/problem.ts'

export interface CommandOptions {
  readonly cwd?: string
  /** On top of our own environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly input?: string
  /** Lets people follow what it says on standard error. */
  readonly loud?: boolean
}

/** How a program ended. */
export interface Ended {
  /** 128 and more where a signal ended it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end; rejects with Problem only where there is no such program. */
export function ended(
  file: string,
  args: readonly string[],
  { cwd, env, input, loud = false }: CommandOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text
        if (loud && stream === 'stderr') process.stderr.write(text)
      })
    // It may end without having read everything.
    child.stdin.on('error', () => {}).end(input)
    child.once('error', error => reject(new Problem(`${file}: ${error.message}`)))
    child.once('close', code => resolve({ code: code ?? 128, ...said }))
  })
}

/** Resolves to what the program wrote on standard output; rejects with Problem and the end of what it said where it failed. */
export async function command(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await ended(file, args, options)
  if (code === 0) return stdout
  const end = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n')
  throw new Problem(`${[file, ...args].join(' ').slice(0, 300)} failed (${code}):\n${end}`)
}
