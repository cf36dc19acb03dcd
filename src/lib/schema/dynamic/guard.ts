import { celFunc, CelScalar, type CelFunc } from '@bufbuild/cel'
import { call, rewritten, type Expr } from './ast.ts'

/** Rounds of all loops of one expression, with those of the variables it looks at: some tenths of a second. */
const MOST_ROUNDS = 1_000_000

const TICK = 'tick__'

let rounds = 0
let depth = 0

/** Counts one round of a loop. */
export const guarding: readonly CelFunc[] = [
  celFunc(TICK, [], CelScalar.BOOL, () => {
    if (++rounds > MOST_ROUNDS) throw new Error('operation cancelled: actual cost limit exceeded')
    return true
  }),
]

/** The tree with every loop counting its rounds: nothing else that expressions can say takes long. */
export const guarded = (expr: Expr): Expr =>
  rewritten(expr, each => {
    const { exprKind } = each
    if (exprKind.case !== 'comprehensionExpr') return each
    const goOn = call('_&&_', [call(TICK, []), exprKind.value.loopCondition!])
    return {
      ...each,
      exprKind: { ...exprKind, value: { ...exprKind.value, loopCondition: goOn } },
    }
  })

/** Evaluates, with rounds counted from none; those within count with the one around them. */
export function counting<T>(evaluate: () => T): T {
  if (depth === 0) rounds = 0
  depth++
  try {
    return evaluate()
  } finally {
    depth--
  }
}
