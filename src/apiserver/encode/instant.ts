const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})(?:[.,]\d+)?(?:Z|[+-](\d{2}):(\d{2}))$/

/** The first instant of Go's calendar, which stands for none. */
const ZERO = Date.parse('0001-01-01T00:00:00Z')

/** Milliseconds since 1970 of a time as Go reads RFC 3339; `none` of no time at all, undefined of anything else. */
export function instant(text: string): number | 'none' | undefined {
  if (text === '' || text === 'null') return 'none'
  const parts = RFC3339.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, offsetHour = '0', offsetMinute = '0'] = parts
  const offset = Number(offsetHour) <= 24 && Number(offsetMinute) < 60
  if (!offset || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  // A day that the month does not have becomes one of the next month.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day))
    return undefined
  const fraction = /[.,]\d+/.exec(text)?.[0].replace(',', '.') ?? ''
  date.setUTCHours(
    Number(hour),
    Number(minute),
    Number(second),
    Math.trunc(Number(`0${fraction}`) * 1000),
  )
  const minutes = Number(offsetHour) * 60 + Number(offsetMinute)
  const time = date.getTime() - (/-\d{2}:\d{2}$/.test(text) ? -minutes : minutes) * 60_000
  return time === ZERO ? 'none' : time
}
