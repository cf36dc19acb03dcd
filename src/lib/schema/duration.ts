const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
}

const GO = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/
const GO_PART = /([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g
const LOOSE_PART = /(\d+)\s*([A-Za-zµ]+)/g

/** What a unit may be called; of the last of each, more may follow. */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(ns|nano.*)$/, 1],
  [/^(us|µs|micro.*)$/, 1e3],
  [/^(ms|milli.*)$/, 1e6],
  [/^(s|sec.*)$/, 1e9],
  [/^(m|min.*)$/, 6e10],
  [/^(h|hr|hour.*)$/, 3.6e12],
  [/^(d|day.*)$/, 8.64e13],
  [/^(w|wk|week.*)$/, 6.048e14],
]

/** Whether Go itself reads it. */
export const isGoDuration = (text: string): boolean => GO.test(text)

/** A duration in nanoseconds, as Go writes it (1h30m) or as people do (2 days); `undefined` where it is none. */
export function durationOf(text: string): number | undefined {
  if (isGoDuration(text)) {
    const sum = [...text.matchAll(GO_PART)].reduce(
      (total, [, count, unit]) => total + Number(count) * NANOSECONDS[unit!]!,
      0,
    )
    return text.startsWith('-') ? -sum : sum
  }
  const parts = [...text.matchAll(LOOSE_PART)].flatMap(([, count, unit]) =>
    UNITS.filter(([called]) => called.test(unit!.toLowerCase())).map(
      ([, nanoseconds]) => Number(count) * nanoseconds,
    ),
  )
  return parts.length > 0 ? parts.reduce((total, part) => total + part) : undefined
}
