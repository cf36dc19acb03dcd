import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import type { Client } from '#src/lib/client.ts'
import { sleep } from '#src/lib/clock.ts'
import type { Logger } from '#src/lib/log.ts'
import { editsIn, isForeign } from './edited.ts'
import { insist } from './insist.ts'
import { probesOf, unjudged, type Probe } from './judged.ts'
import { INSTALLER } from './names.ts'

const LOOK_MS = 500

type Log = Pick<Logger, 'info' | 'warn'>

/**
 * Applies policy templates once writes to them are judged, so that none comes in unseen. One that
 * somebody edited, or that somebody else made, is left as it is, and said so. Resolves to what
 * is wrong in the end.
 */
export async function installCatalogue(
  client: Client,
  templates: readonly PolicyTemplate[],
  { signal, log }: { readonly signal: AbortSignal; readonly log: Log },
): Promise<readonly string[]> {
  const [first] = templates
  const why = first && (await judgedAfter(client, probesOf(first), signal))
  if (why !== undefined)
    return [`no template was applied, since writes to them are not judged yet: ${why}`]
  const counts: Record<string, number> = {}
  const problems: string[] = []
  for (const template of templates)
    try {
      const outcome = await insist(() => install(client, template, log), { signal })
      counts[outcome] = (counts[outcome] ?? 0) + 1
    } catch (error) {
      problems.push(`PolicyTemplate ${template.metadata.name}: ${(error as Error).message}`)
    }
  log.info({ templates: counts }, 'catalogue')
  return problems
}

/** Resolves to undefined once all probes are refused as they should be, or to why not when the time is over. */
async function judgedAfter(
  client: Client,
  probes: readonly Probe[],
  signal: AbortSignal,
): Promise<string | undefined> {
  for (;;) {
    const problems = await Promise.all(
      probes.map(async probe => unjudged(probe, await refusal(client, probe))),
    )
    const why = problems.find(problem => problem !== undefined)
    if (why === undefined || signal.aborted) return why
    await sleep(LOOK_MS, signal)
  }
}

/** What the API server says to a probe. */
const refusal = (client: Client, { template }: Probe): Promise<unknown> =>
  client.apply(PolicyTemplate, template, { fieldManager: INSTALLER, dryRun: true }).then(
    () => undefined,
    (error: unknown) => error,
  )

async function install(
  client: Client,
  template: PolicyTemplate,
  log: Log,
): Promise<'created' | 'updated' | 'unchanged' | 'edited' | 'foreign'> {
  const { name, namespace } = template.metadata
  const live = await client.get(PolicyTemplate, name, namespace)
  if (live && isForeign(live, INSTALLER)) {
    log.warn(
      { template: name },
      'left alone: somebody else made it; delete it to have the one of the catalogue',
    )
    return 'foreign'
  }
  try {
    // Without force: what somebody changed since is his, and half of a new version would be worse than none.
    const after = await client.apply(PolicyTemplate, template, { fieldManager: INSTALLER })
    if (!live) return 'created'
    const { resourceVersion } = after.metadata
    return resourceVersion === live.metadata.resourceVersion ? 'unchanged' : 'updated'
  } catch (error) {
    const edits = editsIn(error)
    if (!edits) throw error
    log.warn(
      { template: name, edits },
      'left alone: somebody edited it; delete it to have the one of the catalogue',
    )
    return 'edited'
  }
}
