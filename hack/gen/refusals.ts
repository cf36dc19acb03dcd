import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseDocument } from 'yaml'
import type { KubernetesObject } from '#src/api/object.ts'

/** One document of a refusal, and how it is sent. */
export interface Step {
  readonly object: KubernetesObject
  /** As it stands in the file. */
  readonly text: string
  /** Who sends it; undefined is the admin of the cluster. */
  readonly as: string | undefined
  readonly verb: 'apply' | 'delete'
  /** '' is the object itself. */
  readonly subresource: string
}

/** One file of docs/refused. */
export interface Refusal {
  /** Without its folder. */
  readonly file: string
  /** The number that the file is an example of. */
  readonly rule: string
  /** What has to be there first, in order. */
  readonly before: readonly Step[]
  /** What is refused. */
  readonly refused: Step
}

/** What the API server said to each file, by its name. */
export type Answers = Readonly<Record<string, string>>

/** The file with the answers: beside the folder, so that everything in there is a manifest. */
export const ANSWERS = 'docs/refused-answers.yaml'

/** Reads every refusal of a folder, by number. Throws with the file's name where one is not as docs/refused/README.md says. */
export function readRefusals(folder = 'docs/refused'): readonly Refusal[] {
  return globSync('*.yaml', { cwd: folder })
    .toSorted()
    .map(file => refusalOf(file, readFileSync(join(folder, file), 'utf8')))
    .toSorted((a, b) => numberOf(a.rule) - numberOf(b.rule))
}

export const readAnswers = (file = ANSWERS): Answers =>
  (parse(readFileSync(file, 'utf8')) ?? {}) as Answers

/** A rule's place in the book. */
export const numberOf = (rule: string): number => Number(rule.slice(1))

/** A file by its name and content. */
export function refusalOf(file: string, content: string): Refusal {
  const number = /^r([1-9]\d*)-[a-z0-9-]+\.yaml$/.exec(file)?.[1]
  if (number === undefined) throw new Error(`${file}: expected a name such as r28-what.yaml`)
  const steps = content.split(/^---\n/m).map(text => stepOf(file, text))
  const refused = steps.at(-1)!
  return { file, rule: `R${number}`, before: steps.slice(0, -1), refused }
}

/** What the head of a document may say, a line each: `# as: jane`. */
const directives = /^# (as|verb|subresource): (\S+)$/gm

function stepOf(file: string, text: string): Step {
  const said = Object.fromEntries(
    [...text.matchAll(directives)].map(([, name, value]) => [name, value]),
  )
  const { as, verb = 'apply', subresource = '' } = said
  if (verb !== 'apply' && verb !== 'delete')
    throw new Error(`${file}: verb "${verb}" is neither apply nor delete`)
  // An alias stands for what it names as often as it likes: a large object is a small file.
  const object = parseDocument(text).toJS({ maxAliasCount: -1 }) as KubernetesObject
  return { object, text: text.trimEnd(), as, verb, subresource }
}
