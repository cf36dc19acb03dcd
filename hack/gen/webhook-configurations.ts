import type { Operation } from '#src/api/admission/v1.ts'
import { NAMESPACE_CONTROLLER } from '#webhooks/decide.ts'
import type { Named, Registry } from '#webhooks/registry.ts'
import type { Match, Mutation } from '#webhooks/rule.ts'
import type { Kind } from '#src/api/kind.ts'
import {
  GUARDED_ANNOTATIONS,
  GUARDED_LABELS,
  LABEL_ORG,
  ORG_NAMESPACE_PREFIX,
  PLATFORM_NAMESPACE,
} from '#src/api/names.ts'

const metadata = (name: string) => ({
  name,
  labels: { 'app.kubernetes.io/part-of': 'kradle' },
})

/** Seconds the API server waits. A decision takes about a millisecond; the rest is for a live read on a slow day. */
const TIMEOUT_SECONDS = 5

/**
 * The two webhook configurations, from what the rules guard. The admission
 * controller adds the address and the CA, and puts them back when they drift.
 */
export function webhookConfigurations(registry: Registry): unknown[] {
  const common = {
    admissionReviewVersions: ['v1'],
    matchPolicy: 'Equivalent',
    sideEffects: 'None',
    timeoutSeconds: TIMEOUT_SECONDS,
  }
  const called = registry.rules.filter(({ rule }) => rule.native === undefined)
  const deciding = called.filter(({ rule }) => !rule.advises)
  const decidedAtDeletion = deciding
    .filter(({ rule }) => rule.operations.includes('DELETE'))
    .flatMap(({ rule }) => rule.kinds)
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: metadata('kradle'),
      // One each, so that a creation, which is most of the load, has no condition to be evaluated.
      webhooks: [
        ...[
          { name: 'validate.kradle.a5c.ai', kinds: ours, operations: ['CREATE'] as const },
          {
            name: 'validate.update.kradle.a5c.ai',
            kinds: ours,
            operations: ['UPDATE'] as const,
            matchConditions: [neverBlocked],
          },
          {
            name: 'validate.delete.kradle.a5c.ai',
            kinds: ours,
            operations: ['DELETE'] as const,
            matchConditions: [namespaceController],
          },
          // These two are for all of it together, and the order counts: see unmarked.
          {
            name: 'validate.workloads.unmarked.kradle.a5c.ai',
            kinds: foreign,
            operations: ['CREATE', 'CONNECT'] as const,
            namespaceSelector: unmarked,
            matchConditions: [organizationNamespace],
          },
          {
            name: 'validate.workloads.kradle.a5c.ai',
            kinds: foreign,
            operations: ['CREATE', 'CONNECT'] as const,
            namespaceSelector: marked,
          },
          {
            name: 'validate.workloads.update.kradle.a5c.ai',
            kinds: foreign,
            operations: ['UPDATE'] as const,
            matchConditions: [organizationNamespace, neverBlocked],
          },
        ].map(({ kinds, operations, ...webhook }) => ({
          ...webhook,
          ...common,
          failurePolicy: 'Fail',
          rules: rulesOf(deciding, operations, kinds),
        })),
        {
          name: 'validate.notice.kradle.a5c.ai',
          ...common,
          // Nothing but a warning is lost: an outage must not be the reason to keep what has to go.
          failurePolicy: 'Ignore',
          rules: rulesOf(
            called.filter(({ rule }) => rule.advises),
            ['DELETE'],
            kind => ours(kind) && !decidedAtDeletion.includes(kind),
          ),
          matchConditions: [namespaceController],
        },
      ],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: metadata('kradle'),
      webhooks: [
        {
          name: 'mutate.kradle.a5c.ai',
          ...common,
          // What it would have set, validate checks again: an outage must not be the reason to refuse.
          failurePolicy: 'Ignore',
          reinvocationPolicy: 'Never',
          rules: rulesOf(registry.mutations, ['CREATE', 'UPDATE'], ours),
          matchConditions: [
            {
              ...neverBlocked,
              expression: `request.operation == 'CREATE' || ${neverBlocked.expression}`,
            },
            needed(registry.mutations),
          ],
        },
      ],
    },
  ]
}

/** Kinds of Kradle's, which live in no other namespaces than ours. */
const ours = ({ scope }: Kind): boolean => scope !== undefined

/** Kinds that everybody uses: outside of the namespaces of organisations they are none of our business. */
const foreign = ({ scope }: Kind): boolean => scope === undefined

/** One entry for each set of operations: the API server looks through them one by one. */
function rulesOf(
  named: readonly Named<Match>[],
  only: readonly Operation[],
  kinds: (kind: Kind) => boolean,
): unknown[] {
  const operations = new Map<string, Set<Operation>>()
  for (const { rule } of named)
    for (const { group, version, plural } of rule.kinds.filter(kinds))
      for (const subresource of subresourcesOf(rule, plural)) {
        const key = [group, version, subresource ? `${plural}/${subresource}` : plural].join(' ')
        const guarded = rule.operations.filter(operation => only.includes(operation))
        if (guarded.length > 0)
          operations.set(key, new Set([...(operations.get(key) ?? []), ...guarded]))
      }
  const byOperations = Object.groupBy(
    [...operations].map(([key, set]) => ({ key: key.split(' '), operations: [...set].toSorted() })),
    ({ key: [group, version], operations: list }) => [group, version, ...list].join(' '),
  )
  return Object.values(byOperations).map(entries => ({
    apiGroups: [entries![0]!.key[0]],
    apiVersions: [entries![0]!.key[1]],
    operations: entries![0]!.operations,
    resources: entries!.map(({ key }) => key[2] ?? '').toSorted(),
    scope: '*',
  }))
}

/** Of kinds that carry Pods, Pods alone have subresources that change them. */
const subresourcesOf = ({ subresources = [''] }: Match, plural: string): readonly string[] =>
  subresources.filter(subresource => subresource === '' || plural === 'pods')

/**
 * One of the labels or annotations that rules look at differs. They are looked up one by
 * one: walking through all of them takes time quadratic in what a tenant writes.
 */
const changed = (map: 'labels' | 'annotations', keys: readonly string[]): string =>
  keys
    .map(key => `object.metadata.?${map}[?'${key}'] != oldObject.metadata.?${map}[?'${key}']`)
    .join(' || ')

/**
 * The twin of isNeverBlocked in webhooks/decide.ts: a broken object stays removable while
 * Kradle is down. What a PodTemplate holds is called template, not spec.
 */
const neverBlocked = {
  name: 'touches-more-than-foreign-metadata',
  expression: `object.?spec != oldObject.?spec || object.?template != oldObject.?template || ${changed('labels', GUARDED_LABELS)} || ${changed('annotations', GUARDED_ANNOTATIONS)}`,
}

/** By its name, which nobody can change: no label switches enforcement off, and kube-system never waits for us. */
const organizationNamespace = {
  name: 'in-the-namespace-of-an-organisation',
  expression: `request.namespace.startsWith('${ORG_NAMESPACE_PREFIX}')`,
}

/**
 * Namespaces that the identity controller has marked as an organisation's: a label costs the
 * API server nothing to look at, while a condition has it prepare every Pod for CEL. Nobody
 * else writes that label (namespaces.yaml); whoever did could still not have the cluster's
 * own namespaces wait for us.
 */
const marked = {
  matchExpressions: [
    { key: LABEL_ORG, operator: 'Exists' },
    {
      key: 'kubernetes.io/metadata.name',
      operator: 'NotIn',
      values: ['kube-system', PLATFORM_NAMESPACE],
    },
  ],
}

/**
 * All others, which go by their names, so that taking the label away switches nothing off. The
 * API server looks at each webhook in turn and at the labels anew: this one comes first, or a
 * Pod could pass between both while its namespace is being marked.
 */
const unmarked = { matchExpressions: [{ key: LABEL_ORG, operator: 'DoesNotExist' }] }

/** A namespace that is going must not wait for us. */
const namespaceController = {
  name: 'not-the-end-of-a-namespace',
  expression: `request.userInfo.username != '${NAMESPACE_CONTROLLER}'`,
}

const needed = (mutations: readonly Named<Mutation>[]) => ({
  name: 'something-is-missing',
  expression: mutations.map(({ rule }) => `(${rule.needed})`).join(' || '),
})
