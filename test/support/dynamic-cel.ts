import { isCelList, isCelMap, type CelValue } from '@bufbuild/cel'
import { compileDynamic } from '#src/lib/schema/dynamic/expression.ts'
import { celValue } from '#src/lib/schema/dynamic/values.ts'

/** What an expression comes to, as JavaScript has it; an error is its words. */
export function come(
  source: string,
  object: unknown = {},
  more: Readonly<Record<string, CelValue>> = {},
): unknown {
  const bindings = { object: celValue(object), ...more }
  const names = [...new Set(Object.keys(bindings).map(name => name.split('.')[0]!))]
  const outcome = compileDynamic(source, names).evaluate(bindings)
  return 'error' in outcome ? `! ${outcome.error}` : plain(outcome.value as CelValue)
}

function plain(value: CelValue): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (isCelList(value)) return [...value].map(plain)
  if (isCelMap(value))
    return Object.fromEntries([...value].map(([key, field]) => [key as string, plain(field)]))
  return value
}
