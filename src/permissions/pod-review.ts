import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { consumerOf, nameOf, type Consumer } from './consumer.ts'
import {
  grantKindOf,
  isOn,
  judge,
  targetOf,
  type Grant,
  type Snapshot,
  type Verdict,
} from './grants.ts'
import { grantManifest } from './manifest.ts'
import type { Reference, Source } from './pod-references.ts'
import type { PodAt } from './pod-template.ts'
import { forbiddenBy, forbiddenByUnknown } from './stack-policy.ts'

/** What is said of one reference of a Pod. */
export interface PodResult extends Verdict {
  readonly requirement: Reference
  /**
   * Where a grant is missing and one can be written: one line of JSON for `kubectl apply -f -`.
   * It is written when it is asked for, since few of many refusals are shown.
   */
  readonly manifest: () => string | undefined
}

type Result = Omit<PodResult, 'requirement'>

/**
 * One result per reference of a Pod to a Secret or ConfigMap (R51). A Pod without any is not
 * compared with any grant, every other with those of its namespace. The references are those
 * of referencesOf; whether there are too many is for the caller to say.
 */
export function reviewPod(
  pod: PodAt,
  references: readonly Reference[],
  namespace: string,
  snapshot: Snapshot,
): readonly PodResult[] {
  if (references.length === 0) return []
  const { cluster } = snapshot
  const consumer = consumerOf(pod, namespace, cluster)
  const forbidden = stackPolicy(consumer, cluster)
  const grants = grantsIn(namespace, cluster)

  // A thousand references to one key are one question.
  const known = new Map<string, Result>()
  const judged = (requirement: Reference): Result => {
    if (isEverybodys(requirement)) return free
    const refusal = forbidden(requirement)
    if (refusal) return withoutManifest(refusal)
    const { source, name, key, way } = requirement
    const onIt = grants(source, name)
    return key === undefined
      ? withoutManifest(takesAll(requirement, onIt, consumer, snapshot))
      : use({ source, name, key, way }, onIt, consumer, snapshot)
  }
  return references.map(requirement => {
    const { source, name, key, way } = requirement
    const id = JSON.stringify([source, name, key, way])
    const result = known.get(id) ?? judged(requirement)
    known.set(id, result)
    return { ...result, requirement }
  })
}

/** What the stack that the Pod states forbids; one that states none is bound by none. */
function stackPolicy(
  { facts: { stack: name, ref }, namespace }: Consumer,
  cluster: Cluster,
): (requirement: Reference) => Verdict | undefined {
  if (name === undefined) return () => undefined
  const stack = cluster.get(AgentStack, name, namespace)
  return requirement =>
    stack ? forbiddenBy(stack, requirement, ref) : forbiddenByUnknown(name, requirement.source)
}

/**
 * The grants on one Secret or ConfigMap. Every kind of grant is listed once, and only if
 * somebody asks for it: many references must not look through many grants each.
 */
function grantsIn(
  namespace: string,
  cluster: Cluster,
): (source: Source, name: string) => readonly Grant[] {
  const known = new Map<Source, ReadonlyMap<string, readonly Grant[]>>()
  return (source, name) => {
    const grants = known.get(source) ?? byName(cluster.list(grantKindOf(source), namespace))
    known.set(source, grants)
    return grants.get(name) ?? []
  }
}

/**
 * Grants by what they are on. A watched cluster lists the same array until a grant changes, so
 * the next Pod of the namespace finds them sorted already.
 */
function byName(grants: readonly Grant[]): ReadonlyMap<string, readonly Grant[]> {
  const known = sorted.get(grants)
  if (known) return known
  const grouped = Map.groupBy(grants, grant => targetOf(grant).name)
  sorted.set(grants, grouped)
  return grouped
}

const sorted = new WeakMap<readonly Grant[], ReadonlyMap<string, readonly Grant[]>>()

/** The certificate of the API server is put into every Pod that has a token. */
const isEverybodys = ({ source, name, key }: Reference): boolean =>
  source === 'configmap' && name === 'kube-root-ca.crt' && key === 'ca.crt'

const noManifest = () => undefined

const free: Result = Object.freeze({
  answer: 'allowed',
  rule: 'R51',
  reason: 'it is for everybody',
  fix: '',
  grant: undefined,
  manifest: noManifest,
})

/** A verdict as a result that has nothing to apply. */
const withoutManifest = (verdict: Verdict): Result => ({ ...verdict, manifest: noManifest })

function use(
  wanted: Pick<Reference, 'source' | 'name' | 'way'> & { readonly key: string },
  grants: readonly Grant[],
  consumer: Consumer,
  snapshot: Snapshot,
): Result {
  const { source, name, key } = wanted
  const purpose = consumer.facts.purposes.get(`${name}/${key}`)
  const verdict = judge(grants, { ...wanted, purpose }, consumer, snapshot)
  if (verdict) return withoutManifest(verdict)
  return {
    answer: 'missingGrant',
    rule: 'R51',
    reason: `no ${grantKindOf(source).kind} gives this key to ${nameOf(consumer)}`,
    fix: 'ask for a grant',
    grant: undefined,
    manifest: () => grantManifest({ ...wanted, keys: [key], purpose }, consumer),
  }
}

/** Nothing grants all keys, since that would grant what is added later; the answer says which ones there are to list instead (R53). */
function takesAll(
  { source, name, way }: Reference,
  grants: readonly Grant[],
  consumer: Consumer,
  snapshot: Snapshot,
): Verdict {
  const usable = grants
    .filter(grant => isOn(grant, name, consumer.namespace))
    .flatMap(grant =>
      targetOf(grant).keys.filter(key => {
        const purpose = consumer.facts.purposes.get(`${name}/${key}`)
        const asked = { source, name, key, way, purpose }
        return judge([grant], asked, consumer, snapshot)?.answer === 'allowed'
      }),
    )
  const keys = [...new Set(usable)].toSorted().join(', ')
  const how =
    way === 'driver'
      ? 'nothing gives a driver a whole Secret: use the keys as files, with a volume of type secret and its items'
      : way === 'env'
        ? 'list the keys that are needed, each with env.valueFrom'
        : 'list the keys that are needed in items'
  return {
    answer: 'denied',
    rule: 'R53',
    reason: 'every key is taken, and those that are added later too',
    fix: keys
      ? `${how}; granted are: ${keys}`
      : `${how}; each needs a grant, and none of them has one for ${nameOf(consumer)}`,
    grant: undefined,
  }
}
