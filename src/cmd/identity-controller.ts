import { readFileSync } from 'node:fs'
import process from 'node:process'
import { getCACertificates } from 'node:tls'
import { identityObservers } from '#src/controllers/identity/effects.ts'
import { identity } from '#src/controllers/identity/index.ts'
import { loadClient } from '#src/lib/client.ts'
import { createLog } from '#src/lib/log.ts'
import { runDeployment } from '#src/lib/manager.ts'
import { parseOptions } from '#src/lib/options.ts'
import { shutdownSignal } from '#src/lib/shutdown.ts'

const { kubeconfig, health, logLevel, flags } = parseOptions(process.argv.slice(2), {
  /** Issuers of AuthProviders may be inside of our own network. Whoever writes AuthProviders can then ask what is there. */
  'allow-private-issuers': { type: 'boolean', default: false },
  /** PEM file of authorities that are trusted for issuers, besides the usual ones. */
  'issuer-ca': { type: 'string' },
})
const issuerCa = flags['issuer-ca']
await runDeployment(identity, {
  client: loadClient({ kubeconfig, env: process.env }),
  health,
  log: createLog(identity.name, logLevel),
  signal: shutdownSignal(),
  observers: identityObservers({
    allowPrivate: flags['allow-private-issuers'],
    ...(issuerCa !== undefined && {
      ca: [...getCACertificates(), readFileSync(issuerCa, 'utf8')],
    }),
  }),
})
