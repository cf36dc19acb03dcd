import type { Result } from '../runner/run.ts'
import type { RowResult } from './by-row.ts'
import { failureOf } from './table.ts'

/** The report as CI systems read it: a suite for each area, a case for each scenario, and a suite of rows that have none. */
export function junitOf(
  results: readonly Result[],
  rows: readonly RowResult[],
  seconds: number,
): string {
  const areas = [...new Set(results.map(({ area }) => area))].toSorted()
  const suites = areas.map(area => {
    const own = results.filter(result => result.area === area)
    return suite(area, own.map(testcase), own)
  })
  const notBuilt = rows
    .filter(({ outcome }) => outcome === 'not built')
    .map(({ row }) =>
      element('testcase', { classname: 'row', name: `${row.number} ${row.title}`, time: '0' }, [
        element('skipped', { message: 'not built' }),
      ]),
    )
  const unbuilt = {
    name: 'not built',
    tests: notBuilt.length,
    failures: 0,
    skipped: notBuilt.length,
  }
  const all = {
    name: 'conformance',
    tests: results.length + notBuilt.length,
    failures: countOf(results, 'failed'),
    skipped: countOf(results, 'skipped') + notBuilt.length,
    time: seconds.toFixed(3),
  }
  const last = notBuilt.length > 0 ? [element('testsuite', unbuilt, notBuilt)] : []
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', all, [...suites, ...last])}\n`
}

const countOf = (results: readonly Result[], outcome: Result['outcome']): number =>
  results.filter(result => result.outcome === outcome).length

const suite = (name: string, cases: readonly string[], own: readonly Result[]): string =>
  element(
    'testsuite',
    {
      name,
      tests: cases.length,
      failures: countOf(own, 'failed'),
      skipped: countOf(own, 'skipped'),
      time: own.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(3),
    },
    cases,
  )

function testcase(result: Result): string {
  const { scenario, outcome, seconds, why, failed } = result
  const known = element('properties', {}, [
    element('property', { name: 'rows', value: scenario.rows.join(',') }),
    element('property', { name: 'rules', value: scenario.rules.join(',') }),
    element('property', { name: 'title', value: scenario.title }),
  ])
  const came =
    outcome === 'failed'
      ? [element('failure', { message: failed!.step }, [escaped(failureOf(result))])]
      : outcome === 'skipped'
        ? [element('skipped', { message: why ?? '' })]
        : []
  const attributes = { classname: result.area, name: scenario.name, time: seconds.toFixed(3) }
  return element('testcase', attributes, [known, ...came])
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] = [],
): string {
  const all = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(String(value))}"`,
  )
  const start = `<${name}${all.join('')}`
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`
}

/** Characters that XML 1.0 has no way of writing are left out, halves of pairs among them. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;')
