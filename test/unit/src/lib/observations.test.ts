import t from 'tap'
import { Observations } from '#src/lib/observations.ts'

const { signal } = new AbortController()

/** An observer that answers when told to, and a clock that stands still until told otherwise. */
function observationsOf() {
  const asked: string[] = []
  const answers: ((answer: unknown) => void)[] = []
  const clock = { seconds: 0 }
  const observations = new Observations(
    {
      weather: ({ key }) => {
        asked.push(key)
        return new Promise((resolve, reject) =>
          answers.push(answer =>
            answer instanceof Error ? reject(answer) : resolve({ answer, freshForSeconds: 60 }),
          ),
        )
      },
    },
    signal,
    () => clock.seconds,
  )
  return { observations, asked, answers, clock }
}

t.test('keeps an answer while it is fresh', async t => {
  const { observations, asked, answers, clock } = observationsOf()
  const question = { type: 'weather', key: 'a' }
  const first = observations.ask(question)
  answers[0]?.('sun')
  t.equal(await first, 'sun')
  clock.seconds = 59
  t.equal(await observations.ask(question), 'sun')
  t.strictSame(asked, ['a'])
  clock.seconds = 60
  const second = observations.ask(question)
  answers[1]?.('rain')
  t.equal(await second, 'rain')
})

t.test('asks once where several wait, and once per key', async t => {
  const { observations, asked, answers } = observationsOf()
  const waiting = ['a', 'a', 'b'].map(key => observations.ask({ type: 'weather', key }))
  t.strictSame(asked, ['a', 'b'])
  answers[0]?.('sun')
  answers[1]?.('rain')
  t.strictSame(await Promise.all(waiting), ['sun', 'sun', 'rain'])
})

t.test('a failure is not kept', async t => {
  const { observations, asked, answers } = observationsOf()
  const first = observations.ask({ type: 'weather', key: 'a' })
  answers[0]?.(new Error('called off'))
  await t.rejects(first, { message: 'called off' })
  const second = observations.ask({ type: 'weather', key: 'a' })
  answers[1]?.('sun')
  t.equal(await second, 'sun')
  t.strictSame(asked, ['a', 'a'])
})

t.test('has a clock of its own, and a question that nobody can answer is an error', async t => {
  const observations = new Observations(
    { weather: async () => ({ answer: 'sun', freshForSeconds: 60 }) },
    signal,
  )
  t.equal(await observations.ask({ type: 'weather', key: 'a' }), 'sun')
  await t.rejects(observations.ask({ type: 'stocks', key: 'a' }), { code: 'UnknownQuestion' })
})
