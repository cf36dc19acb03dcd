/** Folders at the top of a package that are for those who develop it. Further down the same names can be code. */
const FOLDERS =
  /^(?:\.github|benchmarks?|coverage|docs?|examples?|fixtures|integration|scripts|tests?|__tests__)\//
const ENDINGS = /\.(?:map|[cm]?ts|tsx|md|markdown|flow|tsbuildinfo|yml)$/i
/** Somebody's rights go with the code. */
const LEGAL = /(?:^|\/)(?:licen[cs]e|notice|copying)[^/]*$/i

/** Whether nothing reads this file of node_modules at run time; `path` begins behind node_modules/. */
export function isNeedless(path: string): boolean {
  const own = path.split('/node_modules/').at(-1)!
  // Links to programs, and npm's own notes.
  if (own.startsWith('.')) return true
  const inPackage = own.replace(/^(?:@[^/]+\/)?[^/]+\//, '')
  if (LEGAL.test(inPackage)) return false
  return FOLDERS.test(inPackage) || ENDINGS.test(inPackage)
}
