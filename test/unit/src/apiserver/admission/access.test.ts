import t from 'tap'
import { reviewAccessBy, subjectOf, verdictOf } from '#src/apiserver/admission/access.ts'
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

t.test('asks by a SubjectAccessReview', async t => {
  const asked: unknown[] = []
  const client = (status?: object) => ({
    raw: async <T>({ body }: { body?: unknown }) => {
      asked.push((body as { spec: unknown }).spec)
      return { status } as T
    },
  })
  const whole = { username: 'jane', uid: 'u', groups: ['g'], extra: { k: ['v'] } }
  const all = {
    subresource: 's',
    namespace: 'n',
    name: 'm',
    fieldSelector: 'f',
    labelSelector: 'l',
  }
  t.same(
    await reviewAccessBy(client({ allowed: true, reason: 'why' }))(
      whole,
      { ...question, ...all },
      signal,
    ),
    { allowed: true, reason: 'why' },
  )
  t.same(asked.pop(), {
    user: 'jane',
    uid: 'u',
    groups: ['g'],
    extra: { k: ['v'] },
    resourceAttributes: {
      verb: 'get',
      group: 'g',
      version: '*',
      resource: 'r',
      ...all,
      fieldSelector: { rawSelector: 'f' },
      labelSelector: { rawSelector: 'l' },
    },
  })
  t.same(await reviewAccessBy(client())(jane, { ...question, path: '/p' }, signal), {
    allowed: false,
    reason: '',
  })
  t.same(asked.pop(), { user: 'jane', nonResourceAttributes: { path: '/p', verb: 'get' } })
  await reviewAccessBy(client())(jane, question, signal)
  t.match(asked.pop(), { resourceAttributes: { version: '*' } })
})

t.test('for the requester, or for an account', async t => {
  t.equal(subjectOf(jane, question), jane)
  t.same(subjectOf(jane, { ...question, serviceAccount: { namespace: 'n', name: 'a' } }), {
    username: 'system:serviceaccount:n:a',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:n'],
  })
})

t.test('that nobody answers is an answer, unless the request is over', async t => {
  const yes = { allowed: true, reason: '', error: '' }
  t.same(await verdictOf(async () => true, jane, question, signal), yes)
  t.same(await verdictOf(async () => ({ allowed: true, reason: 'r' }), jane, question, signal), {
    ...yes,
    reason: 'r',
  })
  const fails = (message: string) => () => Promise.reject(new Error(message))
  t.same(await verdictOf(fails('gone'), jane, question, signal), {
    allowed: false,
    reason: '',
    error: 'gone',
  })
  t.match(await verdictOf(fails(''), jane, question, signal), { error: 'no answer' })
  await t.rejects(verdictOf(fails('x'), jane, question, AbortSignal.abort()), {
    name: 'AbortError',
  })
})
