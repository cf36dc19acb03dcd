import type { Map } from './json.ts'

/** How a review has to come out. */
export interface Verdict {
  readonly says: 'allow' | 'deny' | 'either' | 'malformed' | 'unreadable'
  readonly warnings: number
  /** Nobody can tell how many warnings there have to be. */
  readonly anyWarnings?: boolean
  /** On `mutate`: the object as it has to come out. */
  readonly complete?: Map
  /** The server had to ask the API server, which may fail. */
  readonly asks?: boolean
}

export const allow: Verdict = { says: 'allow', warnings: 0 }
export const deny: Verdict = { says: 'deny', warnings: 0 }
