import { elapsed } from '#hack/local/progress.ts'

export type Outcome = 'passed' | 'failed' | 'skipped'

interface Section {
  readonly title: string
  readonly outcome: Outcome
  readonly ms: number
  readonly lines: readonly string[]
}

/** What a run came to, for people. */
export class Report {
  readonly #sections: Section[] = []

  add(title: string, outcome: Outcome, ms: number, lines: readonly string[] = []): void {
    this.#sections.push({ title, outcome, ms, lines })
  }

  get failed(): boolean {
    return this.#sections.some(({ outcome }) => outcome === 'failed')
  }

  has(title: string, outcome: Outcome): boolean {
    return this.#sections.some(each => each.title === title && each.outcome === outcome)
  }

  text(): string {
    const words: Record<Outcome, string> = {
      passed: 'ok     ',
      failed: 'FAILED ',
      skipped: 'skipped',
    }
    return this.#sections
      .flatMap(({ title, outcome, ms, lines }) => [
        `${words[outcome]} ${title} (${elapsed(ms)})`,
        ...lines.map(line => `          ${line}`),
      ])
      .join('\n')
  }
}

/** Thrown by a step that cannot be done here, and need not be. */
export class Skipped extends Error {
  override name = 'Skipped'
}

/** Thrown by a step that found something: its lines are the finding. */
export class Findings extends Error {
  override name = 'Findings'
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}
