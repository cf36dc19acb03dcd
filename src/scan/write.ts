import type { Report } from '#src/api/policy-reports.ts'
import type { Kind } from '#src/api/kind.ts'
import { isConflict, isForbidden, isNotFound } from '#src/lib/api-error.ts'
import type { Client } from '#src/lib/client.ts'
import { isSame } from './same.ts'

/** What was done about one report, or that those of a namespace could not be written. */
export type Written = 'create' | 'update' | 'delete' | 'none' | 'failed'

/** Makes the reports of a namespace what they should be; one that says so already is left alone. */
export async function writeReports(
  client: Client,
  kind: Kind<Report>,
  wanted: readonly Report[],
  live: readonly Report[],
  signal: AbortSignal,
): Promise<readonly Written[]> {
  const there = new Map(live.map(report => [report.metadata.name, report]))
  const written: Written[] = []
  for (const report of wanted) {
    const known = there.get(report.metadata.name)
    there.delete(report.metadata.name)
    written.push(await put(client, kind, report, known, signal))
  }
  for (const { metadata } of there.values())
    if (await client.delete(kind, metadata.name, metadata.namespace, { signal }))
      written.push('delete')
  return written
}

async function put(
  client: Client,
  kind: Kind<Report>,
  report: Report,
  known: Report | undefined,
  signal: AbortSignal,
): Promise<Written> {
  const { name, namespace } = report.metadata
  try {
    if (!known) {
      await client.create(kind, report, { signal })
      return 'create'
    }
    if (isSame(report, known)) return 'none'
    await client.replace(kind, succeeding(report, known), { signal })
    return 'update'
  } catch (error) {
    // A namespace that is going takes nothing new, and its reports go with it.
    if (isNotFound(error) || (isForbidden(error) && isTerminating(error))) return 'none'
    if (!isConflict(error)) throw error
  }
  // Somebody else made one of that name, or wrote to it: whatever it says, it is ours to say.
  const live = await client.find(kind, name, namespace, { signal })
  if (!live) return 'none'
  await client.replace(kind, succeeding(report, live), { signal })
  return 'update'
}

const succeeding = (report: Report, live: Report): Report => ({
  ...report,
  metadata: {
    ...report.metadata,
    ...(live.metadata.resourceVersion !== undefined && {
      resourceVersion: live.metadata.resourceVersion,
    }),
  },
})

const isTerminating = (error: { details: { causes?: readonly { reason?: string }[] } }): boolean =>
  error.details.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false
