import { isInt64 } from '#src/lib/schema/numbers.ts'
import { humanDuration } from './human-duration.ts'
import { instant } from './instant.ts'
import { printed } from './jsonpath.ts'

/** What int64() makes of a float that does not fit, on amd64. */
const NO_INT64 = -(2 ** 63)

/** What a column of this type shows of a value; null where the value does not fit it. `now` is in milliseconds. */
export function cellOf(type: string, value: unknown, now: number): unknown {
  switch (type) {
    case 'string':
      return printed(value)
    case 'integer':
      return typeof value === 'number' ? integer(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value === 'string' ? age(value, now) : null
    default:
      return null
  }
}

function integer(value: number): number {
  const whole = Math.trunc(value)
  // -0 is no integer.
  return isInt64(whole) ? whole + 0 : NO_INT64
}

function age(text: string, now: number): string {
  const time = instant(text)
  if (time === undefined) return '<invalid>'
  return time === 'none' ? '<unknown>' : humanDuration(now - time)
}
