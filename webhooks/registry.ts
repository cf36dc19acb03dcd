import type { Kind } from '#src/api/kind.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { keyOfReview } from './access.ts'
import { ACTIVITY_GROUP } from '#src/api/names.ts'
import type { Access, AccessReview, Kinds, Mutation, Read, Request, Rule } from './rule.ts'

/** A rule under the name it has in messages, metrics and docs. */
export interface Named<R> {
  readonly name: string
  readonly rule: R
}

/** Rules by what they guard, so that a request is compared with its own rules only. */
export interface Registry {
  readonly rules: readonly Named<Rule>[]
  readonly mutations: readonly Named<Mutation>[]
  rulesFor(request: Request): readonly Named<Rule>[]
  mutationsFor(request: Request): readonly Named<Mutation>[]
  /** Every kind that any of them watches. */
  readonly watches: readonly Kind[]
  /** Every other kind that any of them wants to know the names of. */
  readonly names: readonly Kind[]
  /** Every kind that any of them reads live only. */
  readonly gets: readonly Kind[]
  /** Those of `watches` that any of them reads live at times. */
  readonly live: readonly Kind[]
}

/** What kradle-apiserver decides on in process. */
export const inProcess = ({ group }: Kind): boolean => group === ACTIVITY_GROUP

/** What the webhook is called for: kube-apiserver calls none for the kinds of an aggregated API server. */
export const called = (kind: Kind): boolean => !inProcess(kind)

/**
 * Indexes rules by group, resource, subresource and operation. Names are kept in order, so verdicts are too. `serves` says for
 * which kinds: what only others need is neither guarded nor read.
 */
export function registry(
  rules: Readonly<Record<string, Rule>>,
  mutations: Readonly<Record<string, Mutation>>,
  serves: (kind: Kind) => boolean = () => true,
): Registry {
  const named = {
    rules: namedOf(rules, serves),
    mutations: namedOf(mutations, serves),
  }
  const all = [...named.rules, ...named.mutations]
  const ruleIndex = indexed(named.rules)
  const mutationIndex = indexed(named.mutations)
  const watches = [...new Set(all.flatMap(({ rule }) => neededBy(rule, rule.watches)))]
  const names = new Set(named.rules.flatMap(({ rule }) => neededBy(rule, rule.names)))
  return {
    ...named,
    rulesFor: request => ruleIndex.get(keyOfRequest(request)) ?? [],
    mutationsFor: request => mutationIndex.get(keyOfRequest(request)) ?? [],
    watches,
    names: [...names].filter(kind => !watches.includes(kind)),
    gets: [...new Set(all.flatMap(({ rule }) => neededBy(rule, rule.gets)))],
    live: [...new Set(all.flatMap(({ rule }) => neededBy(rule, liveOf(rule))))],
  }
}

const namedOf = <R extends Rule | Mutation>(
  rules: Readonly<Record<string, R>>,
  serves: (kind: Kind) => boolean,
): readonly Named<R>[] =>
  Object.entries(rules)
    .map(([name, rule]) => ({ name, rule: { ...rule, kinds: rule.kinds.filter(serves) } }))
    .filter(({ rule }) => rule.kinds.length > 0)

const liveOf = (rule: Rule | Mutation): Kinds =>
  rule.live ?? (rule.lookups ? rule.watches : undefined) ?? []

const neededBy = ({ kinds }: Rule | Mutation, needed: Kinds = []): readonly Kind[] =>
  typeof needed === 'function' ? kinds.flatMap(needed) : needed

/** Everything the given rules want to see for one request; the strictest freshness wins. */
export function lookupsOf(
  rules: readonly Named<Rule | Mutation>[],
  request: Request,
): readonly Read[] {
  const reads = new Map<string, Read>()
  for (const { rule } of rules)
    for (const read of rule.lookups?.(request) ?? []) {
      const key = `${read.kind.plural}.${read.kind.group}/${read.namespace ?? ''}/${read.name}`
      const known = reads.get(key)
      if (!known || strictness[read.fresh] > strictness[known.fresh]) reads.set(key, read)
    }
  return [...reads.values()]
}

/** What the given rules want to know about the requester and do not know yet, once. */
export function reviewsOf(
  rules: readonly Named<Rule>[],
  request: Request,
  cluster: Cluster,
  access: Access,
): readonly AccessReview[] {
  const reviews = rules
    .flatMap(({ rule }) => rule.reviews?.(request, cluster, access) ?? [])
    .filter(review => !access.knows(review))
  return [...new Map(reviews.map(review => [keyOfReview(review), review])).values()]
}

const strictness = { cached: 0, 'on-miss': 1, live: 2 }

function indexed<R extends Rule | Mutation>(rules: readonly Named<R>[]) {
  const index = new Map<string, Named<R>[]>()
  for (const named of rules.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    for (const { group, plural } of named.rule.kinds)
      for (const operation of named.rule.operations)
        for (const subresource of named.rule.subresources ?? ['']) {
          const key = [group, plural, subresource, operation].join('/')
          index.set(key, [...(index.get(key) ?? []), named])
        }
  return index
}

const keyOfRequest = ({ resource, subresource, operation }: Request): string =>
  `${resource.group}/${resource.resource}/${subresource}/${operation}`
