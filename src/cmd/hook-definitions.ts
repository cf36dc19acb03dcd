import { resolve } from 'node:path'
import process from 'node:process'
import { abreast } from '#src/install/abreast.ts'
import { installDefinition } from '#src/install/install-definition.ts'
import { runHook } from '#src/install/run-hook.ts'
import { shippedDefinitions } from '#src/install/shipped.ts'

/** Brings the definitions in the cluster to what this version ships: Helm does so only where there are none. */
await runHook('hook-definitions', process, { seconds: 120 }, async ({ client, log, signal }) => {
  const definitions = shippedDefinitions(resolve(import.meta.dirname, '../..'))
  const problems = await abreast(definitions, definition =>
    installDefinition(client, definition, signal),
  )
  const wrong = problems.filter(problem => problem !== undefined)
  log.info({ asShipped: definitions.length - wrong.length }, 'definitions')
  return definitions.length > 0 ? wrong : ['the image carries no definitions in crds/']
})
