import t from 'tap'
import { Answers, Unanswered } from '#src/lib/schema/dynamic/answers.ts'
import type { Question } from '#src/lib/schema/dynamic/authorizer.ts'

const question = (verb: string): Question => ({
  verb,
  group: '',
  resource: 'pods',
  subresource: '',
  namespace: '',
  name: '',
  fieldSelector: '',
  labelSelector: '',
})
const yes = { allowed: true, reason: '', error: '' }

t.test('asks once what was asked for, and then knows', async t => {
  const answers = new Answers()
  const asked: string[] = []
  const answer = async ({ verb }: Question) => {
    asked.push(verb)
    return yes
  }
  t.equal(await answers.fetch(answer), false)
  t.throws(() => answers.ask(question('get')), Unanswered)
  t.throws(() => answers.ask(question('get')), Unanswered)
  t.throws(() => answers.ask(question('list')), Unanswered)
  t.equal(await answers.fetch(answer), true)
  t.same(asked, ['get', 'list'])
  t.equal(answers.ask(question('get')), yes)
  t.equal(await answers.fetch(answer), false)
})

t.test('fails as the one who answers', async t => {
  const answers = new Answers()
  t.throws(() => answers.ask(question('get')))
  await t.rejects(
    answers.fetch(() => Promise.reject(new Error('gone'))),
    /gone/,
  )
})
