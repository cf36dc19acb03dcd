import { APIService } from '#src/api/apiregistration/v1.ts'
import { Secret } from '#src/api/core/v1.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import type { Effect, Plan } from '#src/lib/controller.ts'
import { liveOf, restore } from './restore.ts'
import { aliveIn, nextStep, publishable, type ServingSecret, type Step } from './rotation.ts'
import type { ServedCertificate } from './served-certificates.ts'
import { readServingSecret, writeServingSecret } from './serving-secret.ts'
import { bundlesIn, withBundle } from './trust.ts'

/** Keeps one served certificate, and what has to trust it. With `own` it is made and renewed here. */
export function planCertificate(
  certificate: ServedCertificate,
  own: boolean,
  cluster: Cluster,
): readonly Plan[] {
  const secret = readServingSecret(cluster.get(Secret, certificate.secret, PLATFORM_NAMESPACE))
  const bundle = publishable(secret, cluster.now)
  const restored = certificate.objects
    .filter(object => mayStand(object, own ? bundle : secret, own))
    .map(object => {
      const live = liveOf(object, cluster)
      // Whoever keeps the bundles finds the first one there: it must not be empty for a moment.
      const written = own || !live ? bundle : undefined
      return restore(withBundle(object, written, live), certificate.secret, cluster, own)
    })
  if (!own) return restored

  const published = certificate.objects.flatMap(object => bundlesIn(liveOf(object, cluster)))
  const step = nextStep(secret, published, cluster.now)
  const trusted = aliveIn([secret?.bundle ?? '', ...published], cluster.now)
  return [
    ...restored,
    {
      apply: secretOf(certificate, step),
      effects: issueOf(certificate, step, secret, trusted),
      ...(step.do === 'wait' && { requeueAfter: Math.max(step.ms, 100) / 1_000 }),
    },
  ]
}

/**
 * Before there is a certificate a configuration would only make every write fail, and an APIService
 * all of discovery. Whoever else keeps certificates needs the configurations to write into.
 */
const mayStand = ({ kind }: KubernetesObject, certificate: unknown, own: boolean): boolean =>
  certificate !== undefined || (!own && kind !== APIService.kind)

const secretOf = ({ secret }: ServedCertificate, step: Step): KubernetesObject[] =>
  step.do === 'switch' || step.do === 'trim' ? [writeServingSecret(secret, step.secret)] : []

function issueOf(
  { name, secret, hosts }: ServedCertificate,
  step: Step,
  live: ServingSecret | undefined,
  trusted: string,
): Effect[] {
  if (step.do !== 'issue') return []
  const serving = live?.certificate ?? ''
  const key = `${secret}/${serving}`
  return [
    { type: 'issue-certificate', key, name, secret, hosts, serving, next: step.next, trusted },
  ]
}
