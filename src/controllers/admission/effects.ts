import { Counter, type Registry } from 'prom-client'
import { Event, Secret } from '#src/api/core/v1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { issue } from '#src/lib/certificate-authority.ts'
import type { Client } from '#src/lib/client.ts'
import type { Effect } from '#src/lib/controller.ts'
import type { Logger } from '#src/lib/log.ts'
import { readServingSecret, writeServingSecret } from './serving-secret.ts'

/** A certificate to be made; see certificate-plan.ts. */
type Issue = Effect & {
  readonly name: string
  readonly secret: string
  readonly hosts: readonly string[]
  /** PEM of what served when it was planned; '' where nothing did. */
  readonly serving: string
  readonly next: boolean
  readonly trusted: string
}

/** What the installation controller does besides writing what it planned. */
export function admissionEffects(options: {
  readonly client: Client
  readonly log: Logger
  readonly registry: Registry
  readonly fieldManager: string
  readonly lifetimeMs: number
}) {
  const { client, log, registry, fieldManager, lifetimeMs } = options
  const drifts = new Counter({
    name: 'kradle_admission_drift_total',
    help: 'Admission objects that somebody had changed or deleted, and that were put back.',
    labelNames: ['kind', 'name'],
    registers: [registry],
  })

  /** Makes a certificate and stores it to serve next, or to serve at once where nothing does. */
  async function issueCertificate(effect: Effect): Promise<void> {
    const { name, secret: secretName, hosts, serving: planned, next, trusted } = effect as Issue
    const live = await client.find(Secret, secretName, PLATFORM_NAMESPACE)
    const serving = readServingSecret(live)
    // Somebody was here since the plan was made; the next look decides anew.
    if ((serving?.certificate ?? '') !== planned) return
    const issued = await issue({ name, hosts, lifetimeMs, now: new Date() })
    const { certificate, key } = issued
    const secret = writeServingSecret(
      secretName,
      next
        ? {
            ...(serving ?? { certificate: '', key: '' }),
            bundle: trusted + issued.ca,
            next: { certificate, key },
          }
        : { certificate, key, bundle: issued.ca },
    )
    await client.apply(
      Secret,
      {
        ...secret,
        metadata: {
          ...secret.metadata,
          ...(live?.metadata.resourceVersion && {
            resourceVersion: live.metadata.resourceVersion,
          }),
        },
      },
      { fieldManager, force: true },
    )
    log.info({ certificateOf: name, next }, 'issued a certificate')
  }

  async function reportDrift(effect: Effect): Promise<void> {
    const { kind, name, what } = effect as Effect & { kind: string; name: string; what: string }
    drifts.inc({ kind, name })
    log.warn({ kind, object: name, what }, 'restored an admission object')
    const now = new Date().toISOString()
    await client.create(Event, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: '', generateName: 'kradle-drift-', namespace: PLATFORM_NAMESPACE },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'Namespace',
        name: PLATFORM_NAMESPACE,
        // kubectl describe namespace looks for events of the object's own name here.
        namespace: PLATFORM_NAMESPACE,
      },
      type: 'Warning',
      reason: 'AdmissionDriftRestored',
      message: `${kind} "${name}": ${what}; put back as shipped`,
      action: 'Restore',
      reportingComponent: fieldManager,
      reportingInstance: fieldManager,
      source: { component: fieldManager },
      firstTimestamp: now,
      lastTimestamp: now,
      eventTime: now.replace(/Z$/, '000Z'),
      count: 1,
    })
  }

  return { 'issue-certificate': issueCertificate, 'report-drift': reportDrift }
}
