import type { Case } from './cases.ts'

/** Whether an answer is the expected one, '' being none: the field is named, and what is wrong with it is said right after. */
export function isExpected(says: string, expect: Case['expect']): boolean {
  if (expect === 'accepted') return says === ''
  if (expect instanceof RegExp) return expect.test(says)
  if (expect.says === 'unknown field') return says.includes(`unknown field "${expect.path}"`)
  const start = new RegExp(`(^|[ [])${expect.path.replaceAll(/[.[\]]/g, '\\$&')}: `, 'g')
  for (const { index } of says.matchAll(start)) {
    const rest = says.slice(index)
    const next = rest.slice(1).search(/, (spec|status)[.[\w]*: /)
    if ((next < 0 ? rest : rest.slice(0, next + 1)).includes(expect.says)) return true
  }
  return false
}
