import type { Refusal } from '#hack/gen/refusals.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../runner/failure.ts'
import { commandOf } from '../runner/kubectl.ts'
import type { Stage } from '../runner/stage.ts'
import { rowOf, type Row } from '../rows.ts'
import { step, type Area, type Scenario } from '../scenario.ts'
import { examples, isActivity, prepare } from './prepare.ts'
import { batchesOf, knownIn, unsaid, type Batch } from './send.ts'
import { refusals } from './texts.ts'

// Every file of docs/refused, as a row of the checklist: what is refused, and in the words that docs/reference/rules.md shows.

/** How long a webhook may take to see what was written a moment ago, in seconds. */
const PATIENCE = 15

const known = () => knownIn([...examples(), ...refusals.flatMap(({ before }) => before)])

const needsActivity = ({ before, refused }: Refusal): boolean =>
  [...before, refused].some(isActivity)

function scenariosOf(row: Row, files: readonly Refusal[]): readonly Scenario[] {
  const [activity = [], configuration = []] = [true, false].map(isOf =>
    files.filter(file => needsActivity(file) === isOf),
  )
  return [
    scenarioOf(row, configuration, {
      name: `refused/row-${row.number}`,
      title: `What docs/refused has on ${row.title} is refused, in those words`,
    }),
    scenarioOf(row, activity, {
      name: `refused/row-${row.number}-activity`,
      title: `What docs/refused has on ${row.title}, of activity, is refused, in those words`,
      needs: ['activity'],
    }),
  ].filter(({ steps }) => steps.length > 0)
}

const scenarioOf = (
  row: Row,
  files: readonly Refusal[],
  rest: Pick<Scenario, 'name' | 'title' | 'needs'>,
): Scenario => ({
  ...rest,
  rows: [row.number],
  rules: [...new Set(files.map(({ rule }) => rule))],
  steps:
    files.length === 0
      ? []
      : [step(files.map(({ file }) => file).join(', '), on => send(on, files))],
})

/** Sends all, and again where something else is said than expected: the webhook may not have seen yet what goes before. */
async function send(on: Stage, files: readonly Refusal[]): Promise<void> {
  for (const batch of batchesOf(files, known(), on)) await isRefused(on, batch)
}

async function isRefused(on: Stage, batch: Batch): Promise<void> {
  const { args, refusals: _, ...asked } = batch
  const end = Date.now() + PATIENCE * 1000
  for (;;) {
    const said = await on.call(args, asked)
    const missing = unsaid(batch, `${said.stderr}\n${said.stdout}`, on)
    if (missing.length === 0) return
    if (Date.now() > end) {
      const expected = missing.map(
        ([file, words]) => `${file} refused, saying: ${words.join('\n  and: ')}`,
      )
      throw new Failure(
        commandOf({ args, ...asked }),
        expected.join('\n'),
        said.stderr || said.stdout,
      )
    }
    await sleep(500)
  }
}

const byRow = Map.groupBy(refusals, ({ rule }) => rowOf(rule))

export const refused: Area = {
  name: 'refused',
  organizations: 2,
  people: {},
  prepare,
  scenarios: [...byRow]
    .toSorted(([a], [b]) => a.number - b.number)
    .flatMap(([row, files]) => scenariosOf(row, files)),
}
