import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { Problem } from '#hack/local/problem.ts'

export type BenchOptions = {
  /** How often every setup is switched on and measured, at each number of organisations. */
  readonly rounds: number
  /** Pairs of requests that one visit measures one after the other; it makes sixteen times as many by several clients. */
  readonly requests: number
  /** The larger number of organisations; the smaller is one. */
  readonly organizations: number
}

export type GrantOptions = BenchOptions & {
  /** Of all organisations together. */
  readonly grants: number
}

/** What a benchmark does by default, and with `--quick`. */
export type Presets<Options> = { readonly usual: Options; readonly quick: Options }

export const admissionPresets: Presets<BenchOptions> = {
  usual: { rounds: 4, requests: 125, organizations: 1_000 },
  quick: { rounds: 1, requests: 30, organizations: 50 },
}

export const grantPresets: Presets<GrantOptions> = {
  usual: { rounds: 4, requests: 125, organizations: 1_000, grants: 100_000 },
  quick: { rounds: 1, requests: 30, organizations: 20, grants: 400 },
}

const least: Readonly<Record<string, number>> = { requests: 10, organizations: 2 }

/** One flag for each of the options, and --quick. */
export function benchOptions<Options extends Readonly<Record<string, number>>>(
  args: readonly string[],
  { usual, quick }: Presets<Options>,
): Options {
  const names = Object.keys(usual)
  const flags: ParseArgsOptionsConfig = {
    ...Object.fromEntries(names.map(name => [name, { type: 'string' }])),
    quick: { type: 'boolean' },
  }
  const { values } = parseArgs({ args: [...args], options: flags })
  const preset: Readonly<Record<string, number>> = values['quick'] ? quick : usual
  const chosen = names.map(name => {
    const given = values[name]
    if (given === undefined) return [name, preset[name]]
    const number = Number(given)
    if (!Number.isSafeInteger(number) || number < (least[name] ?? 1))
      throw new Problem(
        `--${name}: "${String(given)}" is not a whole number of at least ${least[name] ?? 1}`,
      )
    return [name, number]
  })
  return Object.fromEntries(chosen) as Options
}
