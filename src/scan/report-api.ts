import type { Kind } from '#src/api/kind.ts'
import { LABEL_MANAGED_BY, LABEL_ORG, PREFIX, slugOfNamespace } from '#src/api/names.ts'
import { PolicyReport, Report } from '#src/api/policy-reports.ts'
import { KradleError } from '#src/lib/errors.ts'

/** Who makes the results, as they say themselves. */
export const SOURCE = 'kradle'

/** By which group reports are written. */
export const reportApis = ['wgpolicyk8s.io', 'openreports.io'] as const
export type ReportApi = (typeof reportApis)[number]

/** The flag that says so, for `parseOptions`. */
export const reportApiFlag = { type: 'string', default: 'wgpolicyk8s.io' } as const

/** What the flag says; throws InvalidFlag for another group. */
export function reportApiOf(flag: string): ReportApi {
  const api = reportApis.find(known => known === flag)
  if (api) return api
  throw new KradleError(
    'InvalidFlag',
    `--report-api ${flag}: must be one of ${reportApis.join(', ')}`,
  )
}

/** Both are the same but for their names, and who says that it is the source. */
export const reportKinds: Readonly<Record<ReportApi, Kind<Report>>> = {
  'wgpolicyk8s.io': PolicyReport,
  'openreports.io': Report,
}

/** How many results are counted and not listed. */
export const ANNOTATION_CUT = `${PREFIX}cut`
/** Kinds that could not be read at the last pass; what is said of them is from before. */
export const ANNOTATION_UNREAD = `${PREFIX}unread`

const LABEL_REPORT = `${PREFIX}report`

/** What finds the scanner's own reports, and nobody else's. */
export const OWN_REPORTS = `${LABEL_MANAGED_BY}=kradle,${LABEL_REPORT}=scan`

export const reportLabels = (namespace: string): Record<string, string> => ({
  [LABEL_MANAGED_BY]: 'kradle',
  [LABEL_REPORT]: 'scan',
  ...(slugOfNamespace(namespace) && { [LABEL_ORG]: slugOfNamespace(namespace)! }),
})

export const reportName = (shard: number): string => `${SOURCE}-${shard}`
