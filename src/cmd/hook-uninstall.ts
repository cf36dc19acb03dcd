import process from 'node:process'
import { leaders } from '#src/install/rights.ts'
import { runHook } from '#src/install/run-hook.ts'
import { uninstall } from '#src/install/uninstall.ts'

/** Takes away what Kradle wrote into the cluster for itself, before Helm takes away the rest. */
await runHook('hook-uninstall', process, { seconds: 300 }, async ({ client, log, signal }) => {
  const done = await uninstall(client, leaders, { signal, log })
  const { begun, removed, released, kept, problems } = done
  log.info({ removed: removed.counts }, 'removed')
  if (!begun) return problems
  log.info({ released: released.counts }, 'took finalizers off')
  log.info(
    { kept: kept.counts, definitions: 'kept', activity: 'kept in PostgreSQL' },
    'kept; deleting the definitions deletes all of it',
  )
  return problems
})
