const MINUTE = 60
const HOUR = 60
const DAY = 24
const YEAR = 365

/** What Go's time.Duration can hold: 2^63 - 1 nanoseconds. */
const LONGEST_MS = 2 ** 63 / 1e6

/** Milliseconds as Age columns show them, with two or three significant figures, e.g. `6y293d`; `<invalid>` from two seconds ahead on. */
export function humanDuration(milliseconds: number): string {
  const ms = Math.min(milliseconds, LONGEST_MS)
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  // Clocks differ a little: that is now.
  if (seconds < 0) return '0s'
  if (seconds < 2 * MINUTE) return `${seconds}s`
  const minutes = Math.trunc(seconds / MINUTE)
  if (minutes < 10) return both(minutes, 'm', seconds % MINUTE, 's')
  if (minutes < 3 * HOUR) return `${minutes}m`
  const hours = Math.trunc(minutes / HOUR)
  if (hours < 8) return both(hours, 'h', minutes % HOUR, 'm')
  if (hours < 2 * DAY) return `${hours}h`
  const days = Math.trunc(hours / DAY)
  if (days < 8) return both(days, 'd', hours % DAY, 'h')
  if (days < 2 * YEAR) return `${days}d`
  const years = Math.trunc(days / YEAR)
  return years < 8 ? both(years, 'y', days % YEAR, 'd') : `${years}y`
}

const both = (count: number, unit: string, rest: number, smaller: string): string =>
  rest === 0 ? `${count}${unit}` : `${count}${unit}${rest}${smaller}`
