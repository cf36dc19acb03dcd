import t from 'tap'
import { readings, total } from '#hack/bench/metric.ts'

const text = `
# HELP calls Calls
# TYPE calls counter
calls{verb="get",path="a \\"b\\" {c}"} 2
calls{verb="list",path=""} 3.5
calls_total{verb="get"} 7
up 1
`

t.test('the readings of one metric come with their labels', async t => {
  t.strictSame(readings('calls', text), [
    { labels: { verb: 'get', path: String.raw`a \"b\" {c}` }, value: 2 },
    { labels: { verb: 'list', path: '' }, value: 3.5 },
  ])
})

t.test('a metric may have no labels, or not be there', async t => {
  t.strictSame(readings('up', text), [{ labels: {}, value: 1 }])
  t.strictSame(readings('down', text), [])
})

t.test('a total adds them up', async t => {
  t.equal(total(readings('calls', text)), 5.5)
  t.equal(total([]), 0)
})
