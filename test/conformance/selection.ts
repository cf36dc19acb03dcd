import { NotThere } from './runner/cluster.ts'
import { rows } from './rows.ts'
import type { Area, Scenario } from './scenario.ts'

const isRow = (text: string): boolean => /^\d+$/.test(text)

/** Whether nothing is left out. */
export const isWhole = (only: readonly string[]): boolean => only.length === 0

/** Whether a row belongs in the report: where rows were asked for, these alone. */
export const rowsWanted = (row: number, only: readonly string[]): boolean =>
  only.length === 0 || !only.every(isRow) || only.includes(String(row))

/** The areas with those scenarios that are asked for. Throws where something matches none. */
export function chosen(areas: readonly Area[], only: readonly string[]): readonly Area[] {
  if (isWhole(only)) return areas
  for (const wanted of only)
    if (!areas.some(area => area.scenarios.some(scenario => isMeant(area, scenario, wanted))))
      throw new NotThere(
        rows.some(({ number }) => String(number) === wanted)
          ? `row ${wanted} has no scenario: not built`
          : `--only ${wanted}: is neither a row, an area nor a scenario; --list has them`,
      )
  return areas
    .map(area => ({
      ...area,
      scenarios: area.scenarios.filter(scenario =>
        only.some(wanted => isMeant(area, scenario, wanted)),
      ),
    }))
    .filter(({ scenarios }) => scenarios.length > 0)
}

const isMeant = (area: Area, scenario: Scenario, wanted: string): boolean =>
  isRow(wanted)
    ? scenario.rows.includes(Number(wanted))
    : scenario.name === wanted || area.name === wanted

/** A line for each scenario. */
export const listed = (areas: readonly Area[]): string =>
  areas
    .flatMap(({ scenarios }) => scenarios)
    .map(({ name, title, rows: numbers }) => `${name}  rows ${numbers.join(', ')}  ${title}`)
    .join('\n')
