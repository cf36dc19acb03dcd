import t from 'tap'
import {
  authorizer,
  resourceAuthorizer,
  type Question,
} from '#src/lib/schema/dynamic/authorizer.ts'
import { come } from '#test/support/dynamic-cel.ts'

const asked: Question[] = []
const ask = (question: Question) => {
  asked.push(question)
  return question.verb === 'get'
    ? { allowed: true, reason: 'because', error: '' }
    : { allowed: false, reason: '', error: 'nobody home' }
}
const variables = {
  authorizer: authorizer(ask),
  'authorizer.requestResource': resourceAuthorizer(ask, {
    group: 'g',
    resource: 'r',
    subresource: 's',
    namespace: 'n',
    name: 'm',
  }),
}
const says = (source: string): unknown => come(source, {}, variables)
const NONE = {
  group: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
  fieldSelector: '',
  labelSelector: '',
}

t.test('puts questions together', async t => {
  t.equal(
    says(
      "authorizer.group('apps').resource('x').subresource('s').namespace('n').name('m').fieldSelector('f').labelSelector('l').check('get').allowed()",
    ),
    true,
  )
  t.same(asked.pop(), {
    verb: 'get',
    group: 'apps',
    resource: 'x',
    subresource: 's',
    namespace: 'n',
    name: 'm',
    fieldSelector: 'f',
    labelSelector: 'l',
  })
  t.equal(says("authorizer.path('/p').check('get').reason()"), 'because')
  t.same(asked.pop(), { ...NONE, path: '/p', verb: 'get' })
  t.equal(says("authorizer.requestResource.check('get').errored()"), false)
  t.same(asked.pop(), {
    ...NONE,
    verb: 'get',
    group: 'g',
    resource: 'r',
    subresource: 's',
    namespace: 'n',
    name: 'm',
  })
  t.equal(
    says("authorizer.serviceAccount('n', 'a').group('').resource('p').check('x').errored()"),
    true,
  )
  t.same(asked.pop()?.serviceAccount, { namespace: 'n', name: 'a' })
  t.equal(says("authorizer.path('/p').check('x').error()"), 'nobody home')
})

t.test('says what it cannot ask', async t => {
  for (const [source, words] of [
    ["authorizer.path(' ')", '! path must not be empty'],
    ["authorizer.group('').resource('')", '! resource must not be empty'],
    ["authorizer.serviceAccount('n', 'A B')", '! Invalid service account name'],
    ["authorizer.serviceAccount('N', 'a')", '! Invalid service account namespace'],
    [`authorizer.serviceAccount('${'n'.repeat(64)}', 'a')`, '! Invalid service account namespace'],
    [`authorizer.serviceAccount('n', '${'a'.repeat(254)}')`, '! Invalid service account name'],
    ["authorizer.resource('x')", '! no such overload'],
    ["authorizer.check('x')", '! no such overload'],
    ["authorizer.group('').serviceAccount('a', 'b')", '! no such overload'],
    ["object.group('')", '! no such overload'],
    ['object.allowed()', '! no such overload'],
  ] as const)
    t.equal(says(source), words, source)
})
