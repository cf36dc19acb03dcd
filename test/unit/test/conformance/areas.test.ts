import { readFileSync } from 'node:fs'
import t from 'tap'
import { readRefusals } from '#hack/gen/refusals.ts'
import { ruleBook } from '#hack/gen/rule-book.ts'
import { allAreas } from '#test/conformance/areas.ts'
import { rows } from '#test/conformance/rows.ts'
import { chosen, listed } from '#test/conformance/selection.ts'

const scenarios = allAreas.flatMap(area => area.scenarios.map(scenario => ({ area, ...scenario })))

t.test(
  'every scenario is of its area, of rows and rules that there are, and does something',
  async t => {
    const names = scenarios.map(({ name }) => name)
    t.equal(new Set(names).size, names.length)
    for (const { area, name, rows: numbers, rules, steps } of scenarios) {
      t.ok(name.startsWith(`${area.name}/`), name)
      for (const number of numbers)
        t.ok(
          rows.some(row => row.number === number),
          `${name}: ${number}`,
        )
      for (const rule of rules) t.ok(ruleBook[rule], `${name}: ${rule}`)
      t.ok(numbers.length > 0 && steps.length > 0, name)
    }
  },
)

t.test('everything that docs/refused has is tried', async t => {
  const steps = scenarios.flatMap(each => each.steps.map(({ title }) => title)).join('\n')
  for (const { file } of readRefusals()) t.ok(steps.includes(file), file)
})

t.test('the page has every row, with its scenarios', async t => {
  const page = readFileSync('docs/conformance.md', 'utf8')
  for (const { number, title, notBuilt = '' } of rows) {
    const own = scenarios.filter(scenario => scenario.rows.includes(number))
    const names = own.map(({ name }) => `\`${name.replace(/-activity$/, '')}\``).toSorted()
    const shown = own.length === 0 ? 'not built' : [...new Set(names)].join(', ')
    const cells = [number, title, shown, own.length === 0 ? '' : notBuilt]
    t.match(page.replaceAll(/ +/g, ' '), `\n| ${cells.join(' | ')} |`.replaceAll(/ +/g, ' '), title)
  }
})

t.test('some can be chosen: by row, area and name', async t => {
  t.equal(chosen(allAreas, []), allAreas)
  t.match(listed(chosen(allAreas, ['8'])), 'tenancy/bootstrap')
  t.strictSame(
    chosen(allAreas, ['grants']).map(({ name }) => name),
    ['grants'],
  )
  t.equal(listed(chosen(allAreas, ['grants/pods'])).split('\n').length, 1)
  t.throws(() => chosen(allAreas, ['51']), { message: 'row 51 has no scenario: not built' })
  t.throws(() => chosen(allAreas, ['61']), { message: /^--only 61: is neither a row/ })
})
