import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import type { PolicyReport } from '#src/api/policy-reports.ts'
import type { Entry } from './tally.ts'

/** What reports say of objects of the given kinds, as it was found. */
export function entriesOf(
  reports: readonly PolicyReport[],
  kinds: readonly Kind[],
): readonly Entry[] {
  const wanted = new Set(kinds.map(kind => `${apiVersionOf(kind)}/${kind.kind}`))
  return reports.flatMap(({ results = [] }) =>
    results.flatMap(({ policy, rule = '', result, message = '', resources, properties }) => {
      const object = resources?.[0]
      if (!object || !wanted.has(`${object.apiVersion}/${object.kind}`)) return []
      if (result !== 'fail' && result !== 'warn' && result !== 'error') return []
      return { policy, rule, result, message, field: properties?.['field'] ?? '', object }
    }),
  )
}
