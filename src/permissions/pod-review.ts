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
import { referencesOf, type Reference, type Source } from './pod-references.ts'
import type { PodAt } from './pod-template.ts'
import { forbiddenBy } from './stack-policy.ts'

/** What is said of one requirement, and what to apply where a grant is missing. */
export interface Result extends Verdict {
  /** Where a grant is missing and one can be written: one line of JSON for `kubectl apply -f -`. */
  readonly manifest: string | undefined
}

/** What is said of one reference of a Pod. */
export interface PodResult extends Result {
  readonly requirement: Reference
}

/**
 * One result per reference of a Pod to a Secret or ConfigMap (R51). A Pod without any is not
 * compared with any grant, every other with those of its namespace.
 */
export function reviewPod(pod: PodAt, namespace: string, snapshot: Snapshot): readonly PodResult[] {
  const references = referencesOf(pod.spec, pod.path)
  if (references.length === 0) return []
  const { cluster } = snapshot
  const consumer = consumerOf(pod, namespace, cluster)
  const { stack: name, ref } = consumer.facts
  const stack = name === undefined ? undefined : cluster.get(AgentStack, name, namespace)
  const grants = grantsIn(namespace, cluster)

  // A thousand references to one key are one question.
  const known = new Map<string, Result>()
  return references.map(requirement => {
    const { source, name: of, key, way } = requirement
    const id = JSON.stringify([source, of, key, way])
    const result =
      known.get(id) ??
      (isEverybodys(requirement) ? free : undefined) ??
      withoutManifest(forbiddenBy(stack, requirement, ref)) ??
      (key === undefined
        ? takesAll(requirement, grants(source), consumer, snapshot)
        : use({ source, name: of, key, way }, grants(source), consumer, snapshot))
    known.set(id, result)
    return { ...result, requirement }
  })
}

/** Every kind of grant is listed once, and only if somebody asks for it. */
function grantsIn(namespace: string, cluster: Cluster): (source: Source) => readonly Grant[] {
  const lists = new Map<Source, readonly Grant[]>()
  return source => {
    const list = lists.get(source) ?? cluster.list(grantKindOf(source), namespace)
    lists.set(source, list)
    return list
  }
}

/** The certificate of the API server is put into every Pod that has a token. */
const isEverybodys = ({ source, name, key }: Reference): boolean =>
  source === 'configmap' && name === 'kube-root-ca.crt' && key === 'ca.crt'

const free: Result = Object.freeze({
  answer: 'allowed',
  rule: 'R51',
  reason: 'it is for everybody',
  fix: '',
  grant: undefined,
  manifest: undefined,
})

/** A verdict as a result that has nothing to apply. */
export const withoutManifest = (verdict: Verdict | undefined): Result | undefined =>
  verdict && { ...verdict, manifest: undefined }

function use(
  wanted: Pick<Reference, 'source' | 'name' | 'way'> & { readonly key: string },
  grants: readonly Grant[],
  consumer: Consumer,
  snapshot: Snapshot,
): Result {
  const { source, name, key } = wanted
  const purpose = consumer.facts.purposes.get(`${name}/${key}`)
  const verdict = judge(grants, { ...wanted, purpose }, consumer, snapshot)
  if (verdict) return { ...verdict, manifest: undefined }
  const manifest = grantManifest({ ...wanted, keys: [key], purpose }, consumer)
  return {
    answer: 'missingGrant',
    rule: 'R51',
    reason: `no ${grantKindOf(source).kind} gives this key to ${nameOf(consumer)}`,
    fix: 'ask for a grant',
    grant: undefined,
    manifest,
  }
}

/** Nothing grants all keys, since that would grant what is added later; the answer says which ones there are to list instead (R53). */
function takesAll(
  { source, name, way }: Reference,
  grants: readonly Grant[],
  consumer: Consumer,
  snapshot: Snapshot,
): Result {
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
    manifest: undefined,
  }
}
