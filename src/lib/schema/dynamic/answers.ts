import type { Question, Verdict } from './authorizer.ts'

/** An expression asked what nobody has answered yet; once it is, the expression is evaluated anew. */
export class Unanswered extends Error {
  constructor() {
    super('the authorizer has yet to answer')
    this.name = 'Unanswered'
  }
}

/**
 * What the authorizer said within one request. Expressions are evaluated at once, and the authorizer takes its time:
 * so they are evaluated, what they ask is asked, and they are evaluated again until nothing is left to ask.
 */
export class Answers {
  readonly #known = new Map<string, Verdict>()
  readonly #asked = new Map<string, Question>()

  /** The answer. Throws Unanswered, and remembers the question, where there is none yet. */
  readonly ask = (question: Question): Verdict => {
    const key = JSON.stringify(question)
    const verdict = this.#known.get(key)
    if (verdict) return verdict
    this.#asked.set(key, question)
    throw new Unanswered()
  }

  /** Has everything answered that was asked since; whether there was anything. Rejects as `answer` does. */
  async fetch(answer: (question: Question) => Promise<Verdict>): Promise<boolean> {
    const open = [...this.#asked]
    this.#asked.clear()
    const answers = await Promise.all(
      open.map(async ([key, question]) => [key, await answer(question)] as const),
    )
    for (const [key, verdict] of answers) this.#known.set(key, verdict)
    return answers.length > 0
  }
}
