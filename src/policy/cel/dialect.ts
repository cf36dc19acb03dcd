import {
  celEnv,
  celFunc,
  celList,
  celMethod,
  CelScalar,
  type CelFunc,
  type CelValue,
} from '@bufbuild/cel'
import { createHash } from 'node:crypto'
import { bind, rewritten, type Expr } from '#src/lib/schema/dynamic/ast.ts'
import { environmentWith } from '#src/lib/schema/dynamic/environment.ts'
import type { Dialect } from '#src/lib/schema/dynamic/expression.ts'
import { heldBy } from '#src/lib/schema/dynamic/optional.ts'
import { keyed } from '#src/lib/schema/dynamic/values.ts'

const { BYTES, DYN, STRING } = CelScalar

const timestamps = celEnv().funcs.find('timestamp')!

/** The time of the judgement that is under way: expressions are evaluated at once, one judgement after the other. */
let clock = new Date(0)

/** Evaluates with `now` as the time that expressions ask for. */
export function at<T>(now: Date, evaluate: () => T): T {
  clock = now
  return evaluate()
}

const hashes: readonly CelFunc[] = ['md5', 'sha1', 'sha256'].flatMap(name =>
  [name, `hash.${name}`].map(each =>
    celFunc(each, [STRING], STRING, text => createHash(name).update(text).digest('hex')),
  ),
)

const ACCOUNT = /^system:serviceaccount:([^:]*):(.*)$/s

const accounts: readonly CelFunc[] = ['parseServiceAccount', 'user.parseServiceAccount'].map(name =>
  celFunc(name, [STRING], DYN, text => {
    const [, namespace = '', account = ''] = ACCOUNT.exec(text) ?? []
    return keyed(
      new Map([
        ['Name', account],
        ['Namespace', namespace],
      ]),
    )
  }),
)

/** Decoded JSON as Go has it that knows no type: all numbers are doubles. */
function decoded(value: unknown): CelValue {
  if (Array.isArray(value)) return celList(value.map(decoded))
  if (typeof value === 'object' && value !== null)
    return keyed(new Map(Object.entries(value).map(([key, field]) => [key, decoded(field)])))
  return value as string | number | boolean | null
}

/** Those of Kyverno's functions that are the same everywhere and cost little. */
const functions: readonly CelFunc[] = [
  celFunc(
    'time.now',
    [],
    DYN,
    () => timestamps.call(0, undefined, [clock.toISOString()]) as CelValue,
  ),
  ...hashes,
  ...accounts,
  celMethod('unmarshal', DYN, [STRING], DYN, text => {
    try {
      return decoded(JSON.parse(text))
    } catch {
      throw new Error('the text is no JSON')
    }
  }),
  celFunc('base64.encode', [BYTES], STRING, bytes => Buffer.from(bytes).toString('base64')),
  celFunc('base64.decode', [STRING], BYTES, text => new Uint8Array(Buffer.from(text, 'base64'))),
  // What is no optional is its own value, to Kyverno.
  celMethod('orValue', DYN, [DYN], DYN, function (otherwise) {
    const holder = heldBy(this)
    if (!holder) return this
    return holder.value === undefined ? otherwise : holder.value
  }),
]

/** `cel.bind(name, value, body)`. */
const bindings = (expr: Expr): Expr =>
  rewritten(expr, each => {
    if (each.exprKind.case !== 'callExpr') return each
    const { function: name, target, args } = each.exprKind.value
    const [first, value, body] = args
    const isBind =
      name === 'bind' &&
      target?.exprKind.case === 'identExpr' &&
      target.exprKind.value.name === 'cel'
    return isBind && first?.exprKind.case === 'identExpr' && value && body
      ? bind(first.exprKind.value.name, value, body)
      : each
  })

/** Kyverno's language, as far as it is known here. What is not does not compile. */
export const kyverno: Dialect = { env: environmentWith(functions), expand: bindings }
