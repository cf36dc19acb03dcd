import { celEnv, celFunc, CelScalar, isCelError, type CelFunc, type CelValue } from '@bufbuild/cel'
import { isGoDuration } from './duration.ts'
import { goFloat } from './go-text.ts'

const { DOUBLE, DYN, INT, STRING } = CelScalar

const library = celEnv().funcs

const fails = (type: string): never => {
  throw new Error(`type conversion error from 'string' to '${type}'`)
}

/** What the library makes of a text, once it is known that Go would take it. */
function converted(name: string, type: string, text: string): CelValue {
  const value = library.find(name)!.call(0, undefined, [text])
  return value === undefined || isCelError(value) ? fails(type) : value
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** Conversions take exactly what they take in Go, where the library is more generous, and say so in its words. */
export const conversions: readonly CelFunc[] = [
  celFunc('int', [STRING], INT, text => {
    const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : fails('int')
    return BigInt.asIntN(64, value) === value ? value : fails('int')
  }),
  celFunc('double', [STRING], DOUBLE, text =>
    DECIMAL.test(text) ? Number(text) : fails('double'),
  ),
  celFunc('string', [DOUBLE], STRING, goFloat),
  celFunc('duration', [STRING], DYN, text =>
    isGoDuration(text)
      ? converted('duration', 'google.protobuf.Duration', text)
      : fails('google.protobuf.Duration'),
  ),
  celFunc('timestamp', [STRING], DYN, text =>
    INSTANT.test(text)
      ? converted('timestamp', 'google.protobuf.Timestamp', text)
      : fails('google.protobuf.Timestamp'),
  ),
]
