import t from 'tap'
import { clausesOf, conversionOf, takesJson } from '#src/apiserver/discovery/accept.ts'

const types = (accept?: string) =>
  clausesOf(accept).map(({ type, subtype }) => `${type}/${subtype}`)

t.test('takes anything where nothing is said', async t => {
  t.strictSame(types(), ['*/*'])
  t.strictSame(types(''), ['*/*'])
})

t.test('puts the best first, and leaves out what is not taken', async t => {
  t.strictSame(types('text/html;q=0.5, application/json; q=0.9,application/yaml,a/b;q=0'), [
    'application/yaml',
    'application/json',
    'text/html',
  ])
  t.strictSame(types('application'), ['application/*'])
})

t.test('knows what JSON will do for', async t => {
  const accept = 'application/json,application/*,*/*,text/json,application/yaml,text/*'
  t.strictSame(clausesOf(accept).map(takesJson), [true, true, true, false, false, false])
})

t.test('reads what JSON is to be converted into', async t => {
  const accept =
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;as=Table,application/json;v'
  t.strictSame(clausesOf(accept).map(conversionOf), [
    'v2.apidiscovery.k8s.io/APIGroupDiscoveryList',
    './Table',
    '',
  ])
})
