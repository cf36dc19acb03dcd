import type { KubernetesObject } from '#src/api/object.ts'
import { KradleError } from '#src/lib/errors.ts'

/** By annotations of this prefix cert-manager is asked to write the caBundle of an object. */
const PREFIX = 'cert-manager.io/inject-'
const INJECT_CA_FROM = `${PREFIX}ca-from`

/** `namespace/name` of the Certificate that the flag names, and what `--certificates` says. Throws InvalidFlag. */
export function certificateNamed(
  flag: string,
  value: string | undefined,
  certificates: string,
): string | undefined {
  if (certificates !== 'own' && certificates !== 'external')
    throw new KradleError('InvalidFlag', `--certificates ${certificates}: must be own or external`)
  if (value === undefined) return undefined
  if (certificates === 'own')
    throw new KradleError('InvalidFlag', `${flag}: only with --certificates external`)
  if (!/^[a-z0-9-]+\/[a-z0-9.-]+$/.test(value))
    throw new KradleError(
      'InvalidFlag',
      `${flag} ${value}: must be <namespace>/<name of a Certificate>`,
    )
  return value
}

/** The object as cert-manager finds it: with the Certificate whose authority it is to trust. */
export const injecting = <T extends KubernetesObject>(object: T, certificate: string): T => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, [INJECT_CA_FROM]: certificate },
  },
})

/**
 * The annotations that a live object should have, or undefined where it has them. What others note on
 * it stays; with `own` bundles nobody else may be asked to write them, or both would for ever.
 */
export function annotationsFor(
  wanted: KubernetesObject,
  live: KubernetesObject,
  own: boolean,
): Record<string, string> | undefined {
  const { annotations = {} } = live.metadata
  const kept = Object.entries(annotations).filter(([key]) => !own || !key.startsWith(PREFIX))
  const should = { ...Object.fromEntries(kept), ...wanted.metadata.annotations }
  const keys = new Set([...Object.keys(annotations), ...Object.keys(should)])
  return [...keys].every(key => annotations[key] === should[key]) ? undefined : should
}
