import { celEnv, isCelList, isCelMap, parse, plan } from '@bufbuild/cel'
import t from 'tap'
import {
  bind,
  call,
  emptyMap,
  ident,
  int,
  list,
  rewritten,
  truth,
} from '#src/lib/schema/dynamic/ast.ts'

const numbers = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value

const everything =
  "has(a.b) ? [1, a.c].map(x, x + 1)[0] : {'k': a.d, 'l': f(2).g()}['k'] == google.protobuf.Duration{seconds: 1}"

t.test('goes over every node, the leaves first', async t => {
  const seen: string[] = []
  const same = rewritten(parse(everything).expr, expr => {
    seen.push(expr.exprKind.case ?? 'none')
    return expr
  })
  t.same(JSON.stringify(same, numbers), JSON.stringify(parse(everything).expr, numbers))
  t.equal(seen.at(-1), 'callExpr')
  for (const kind of ['selectExpr', 'listExpr', 'structExpr', 'comprehensionExpr', 'constExpr'])
    t.ok(seen.includes(kind), kind)
})

t.test('replaces nodes', async t => {
  const changed = rewritten(parse('a + b').expr, expr =>
    expr.exprKind.case === 'identExpr' ? int(4n) : expr,
  )
  t.equal(plan(celEnv(), changed)(), 8n)
})

t.test('gives a value a name', async t => {
  t.equal(plan(celEnv(), bind('x', int(3n), ident('x')))(), 3n)
})

t.test('makes literals and calls', async t => {
  const value = (expr: Parameters<typeof bind>[1]) => plan(celEnv(), expr)()
  t.ok(isCelMap(value(emptyMap())))
  t.ok(isCelList(value(list([int(1n)]))))
  t.equal(value(truth(true)), true)
  t.equal(value(call('size', [list([])])), 0n)
  t.equal(value(call('size', [], list([]))), 0n)
})
