import t from 'tap'
import { KEPT_MS, KeptAnswers } from '#src/apiserver/auth/kept-answers.ts'

/** Answers with how often it was asked. */
function counter() {
  let asked = 0
  return {
    ask: () => Promise.resolve(++asked),
    get asked() {
      return asked
    },
  }
}

t.test('asks once, and again when the answer is too old', async t => {
  let now = 0
  const answers = new KeptAnswers<number>(10, { now: () => now })
  const { ask } = counter()
  t.equal(await answers.get('a', ask), 1)
  now = KEPT_MS - 1
  t.equal(await answers.get('a', ask), 1)
  now = KEPT_MS
  t.equal(await answers.get('a', ask), 2)
  t.equal(await answers.get('b', ask), 3)
})

t.test('asks once for everybody who wants to know at the same time', async t => {
  const answers = new KeptAnswers<number>(10)
  const questions = counter()
  const all = await Promise.all([1, 2, 3].map(() => answers.get('a', questions.ask)))
  t.strictSame(all, [1, 1, 1])
  t.equal(questions.asked, 1)
})

t.test('keeps nothing of what failed', async t => {
  const answers = new KeptAnswers<number>(10)
  await t.rejects(
    answers.get('a', () => Promise.reject(new Error('down'))),
    { message: 'down' },
  )
  t.equal(answers.size, 0)
  t.equal(await answers.get('a', () => Promise.resolve(7)), 7)
})

t.test('forgets what nobody wanted for the longest time', async t => {
  const answers = new KeptAnswers<number>(2)
  const { ask } = counter()
  for (const key of ['a', 'b', 'a', 'c']) await answers.get(key, ask)
  t.equal(answers.size, 2)
  t.equal(await answers.get('a', ask), 1)
  t.equal(await answers.get('b', ask), 4)
})
