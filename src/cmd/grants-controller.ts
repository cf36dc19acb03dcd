import process from 'node:process'
import { grants } from '#src/controllers/grants/index.ts'
import { loadClient } from '#src/lib/client.ts'
import { createLog } from '#src/lib/log.ts'
import { runDeployment } from '#src/lib/manager.ts'
import { parseOptions } from '#src/lib/options.ts'
import { shutdownSignal } from '#src/lib/shutdown.ts'

const { kubeconfig, health, logLevel } = parseOptions(process.argv.slice(2))
await runDeployment(grants, {
  client: loadClient({ kubeconfig, env: process.env }),
  health,
  log: createLog(grants.name, logLevel),
  signal: shutdownSignal(),
})
