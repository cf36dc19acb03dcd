import type { Kind } from '#src/api/kind.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { allow, deny, type Finding, type Read, type Request } from './rule.ts'

/** Where a grant names what it grants, and of which kind that is. */
interface Target {
  readonly kind: Kind
  readonly field: 'secretRef' | 'configMapRef'
}

/** What has to be read to tell whether it is there: metadata alone, so that no value comes anywhere near. */
export function targetReads(target: Target, request: Request): readonly Read[] {
  const name = newName(target, request)
  if (name === undefined) return []
  return [
    { kind: target.kind, name, namespace: request.namespace, fresh: 'live', part: 'metadata' },
  ]
}

/**
 * Refuses a grant of what is not there (contracts: references, deny). Otherwise it would lie
 * in wait for whatever gets that name later, made by somebody who knows nothing of the grant.
 */
export function targetExists(
  target: Target,
  request: Request,
  cluster: Cluster,
): readonly Finding[] {
  const { kind, field } = target
  const name = newName(target, request)
  if (name === undefined || cluster.get(kind, name, request.namespace)) return allow
  return deny({
    rule: 'R51',
    field: `spec.${field}.name`,
    value: name,
    problem: `is no ${kind.kind} in namespace "${request.namespace}"`,
    fix: `create the ${kind.kind} first, or name one that is there`,
  })
}

/** The name, where it is new; one that stands already may outlive what it names. Malformed: the schema says so better. */
function newName({ field }: Target, { object, oldObject }: Request): string | undefined {
  const nameIn = (spec: Record<string, unknown> | undefined) => {
    const name = (spec?.[field] as { name?: unknown } | null | undefined)?.name
    return typeof name === 'string' && name !== '' ? name : undefined
  }
  const name = nameIn(object.spec)
  return name === nameIn(oldObject?.spec) ? undefined : name
}
