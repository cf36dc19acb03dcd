import { loadClient } from '#src/lib/client.ts'
import { createLog } from '#src/lib/log.ts'
import { runDeployment } from '#src/lib/manager.ts'
import { parseOptions } from '#src/lib/options.ts'
import { shutdownSignal } from '#src/lib/shutdown.ts'
import { widgetController } from './widget.ts'

/** A process like those of src/cmd, with a short Lease: for tests that kill it. */
const { kubeconfig, health, logLevel, flags } = parseOptions(process.argv.slice(2), {
  namespace: { type: 'string', default: 'default' },
})
const log = createLog('widget-controller', logLevel)
try {
  await runDeployment(
    { name: 'widget-controller', controllers: [widgetController] },
    {
      client: loadClient({ kubeconfig }),
      health,
      log,
      signal: shutdownSignal(),
      leaseNamespace: flags.namespace,
      leaseTiming: { leaseMs: 4000, renewDeadlineMs: 2500, retryMs: 500 },
      onListening: address => log.info({ ...address }, 'listening'),
    },
  )
  process.exit(0)
} catch (error) {
  log.error({ err: error }, 'stopped')
  process.exit(1)
}
