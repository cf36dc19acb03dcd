import { readFileSync } from 'node:fs'
import process from 'node:process'
import { getCACertificates } from 'node:tls'
import { identityObservers } from '#src/controllers/identity/effects.ts'
import { identity } from '#src/controllers/identity/index.ts'
import { main } from '#src/lib/main.ts'

await main(identity, process, {
  flags: {
    /** Issuers of AuthProviders may be inside of our own network. Whoever writes AuthProviders can then ask what is there. */
    'allow-private-issuers': { type: 'boolean', default: false },
    /** PEM file of authorities that are trusted for issuers, besides the usual ones. */
    'issuer-ca': { type: 'string' },
  },
  options({ 'allow-private-issuers': allowPrivate, 'issuer-ca': issuerCa }) {
    const ca = issuerCa === undefined ? [] : [readFileSync(issuerCa, 'utf8')]
    return {
      observers: identityObservers({
        allowPrivate,
        ...(ca.length > 0 && { ca: [...getCACertificates(), ...ca] }),
      }),
    }
  },
})
