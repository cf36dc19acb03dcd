import { readAnswers, readRefusals, type Refusal } from '#hack/gen/refusals.ts'
import type { Stage } from '../runner/stage.ts'
import { partsOf } from './answers.ts'

/** The examples of docs/refused are about organisation `acme` and this admin; here they are about those of the run. */
export function adapted<T>(value: T, on: Stage): T {
  const text = [
    ['kradle-org-acme', on.namespace],
    ['jane@example.com', `jane@${on.org}.example.com`],
    ['acme', on.org],
    ['globex', on.otherOrg],
    ['umbrella', `${on.org}-umbrella`],
    ['kubernetes-admin', on.admin],
    ['2030-01-31T00:00:00Z', IN_A_WEEK],
  ].reduce((all, [from, to]) => all.replaceAll(from!, to!), JSON.stringify(value))
  return JSON.parse(text) as T
}

/** No exception holds for longer than its profile allows, so files name a time that is too far away; one time for all, as it never changes afterwards. */
const IN_A_WEEK = `${new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 19)}Z`

export const refusals: readonly Refusal[] = readRefusals()
const answers = readAnswers()

/** What has to be said to a refusal: of each part of the recorded answer the field, and why with the way out. */
export function wordsOf({ file, refused }: Refusal, on: Stage): readonly string[] {
  const answer = answers[file]
  if (answer === undefined) throw new Error(`${file} has no recorded answer`)
  // kubectl asks what there is before it sends anything.
  if (answer === '404 page not found')
    return [
      `no matches for kind "${refused.object.kind}" in version "${refused.object.apiVersion}"`,
    ]
  return partsOf(adapted(answer, on))
}
