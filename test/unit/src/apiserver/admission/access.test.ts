import t from 'tap'
import {
  attributesOf,
  subjectOf,
  verdictOf,
  type ReviewAccess,
} from '#src/apiserver/admission/access.ts'
import type { Question } from '#src/lib/schema/dynamic/authorizer.ts'

const signal = new AbortController().signal
const question: Question = {
  verb: 'get',
  group: 'g',
  resource: 'r',
  subresource: '',
  namespace: '',
  name: '',
  fieldSelector: '',
  labelSelector: '',
}
const jane = { username: 'jane' }

t.test('asks with everything that the expression said', async t => {
  const all = {
    subresource: 's',
    namespace: 'n',
    name: 'm',
    fieldSelector: 'f',
    labelSelector: 'l',
  }
  const whole: Question = { ...question, ...all, serviceAccount: { namespace: 'n', name: 'a' } }
  t.strictSame(attributesOf(whole), {
    verb: 'get',
    group: 'g',
    version: '*',
    resource: 'r',
    ...all,
  })
  t.strictSame(attributesOf({ ...question, path: '/p' }), { path: '/p', verb: 'get' })
})

t.test('for the requester, or for an account', async t => {
  t.equal(subjectOf(jane, question), jane)
  t.same(subjectOf(jane, { ...question, serviceAccount: { namespace: 'n', name: 'a' } }), {
    username: 'system:serviceaccount:n:a',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:n'],
  })
})

t.test('that nobody answers is an answer, unless the request is over', async t => {
  const yes = { allowed: true, reason: 'r', error: '' }
  const reviewed: unknown[] = []
  const may: ReviewAccess = async (...asked) => {
    reviewed.push(asked)
    return { allowed: true, reason: 'r' }
  }
  t.same(await verdictOf(may, jane, question, signal), yes)
  t.same(reviewed, [[jane, attributesOf(question)]])
  const fails = (message: string) => () => Promise.reject(new Error(message))
  t.same(await verdictOf(fails('gone'), jane, question, signal), {
    allowed: false,
    reason: '',
    error: 'gone',
  })
  t.match(await verdictOf(fails(''), jane, question, signal), { error: 'no answer' })
  for (const review of [may, fails('x')])
    await t.rejects(verdictOf(review, jane, question, AbortSignal.abort()), {
      name: 'AbortError',
    })
})
