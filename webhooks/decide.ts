import { PREFIX } from '#src/api/names.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { jsonDiff, jsonEqual, type PatchOperation } from '#src/lib/json-diff.ts'
import { noAccess } from './access.ts'
import type { Registry } from './registry.ts'
import {
  allow,
  deny,
  type Access,
  type Denial,
  type Finding,
  type Request,
  type ReviewedObject,
} from './rule.ts'

/** One reason for a refusal, with the rule that gave it. */
export interface Reason {
  readonly rule: string
  /** The number in the rule book. */
  readonly number: string
  readonly field: string
  readonly message: string
}

/** The answer to one write. */
export interface Decision {
  readonly allowed: boolean
  readonly reasons: readonly Reason[]
  readonly warnings: readonly string[]
  /** The rule behind each of the warnings. */
  readonly advisers: readonly string[]
  /** What the mutations fill in; empty for an object that is complete. */
  readonly patch: readonly PatchOperation[]
  readonly auditAnnotations: Readonly<Record<string, string>>
  /** Rules that threw instead of deciding: bugs, for the log of whoever asked. */
  readonly failures: readonly { readonly rule: string; readonly error: unknown }[]
}

/**
 * The one decision behind every door: webhook, aggregated API, scanner and CLI.
 * Pure: the same request and cluster give the same answer, byte for byte. A rule
 * that throws refuses the write.
 */
export function decide(
  request: Request,
  cluster: Cluster,
  registry: Registry,
  access: Access = noAccess,
): Decision {
  const isFree = isNeverBlocked(request)
  const { patch, object } = isFree ? { ...request, patch: [] } : mutate(request, cluster, registry)
  const reviewed = object === request.object ? request : { ...request, object }
  return decisionOf(
    registry
      .rulesFor(reviewed)
      .filter(({ rule }) => !isFree || rule.ofMetadata)
      .flatMap(({ name, rule }) => ask(name, () => rule.decide(reviewed, cluster, access))),
    patch,
  )
}

/**
 * The mutating half alone. It refuses only what no later mutation could mend;
 * everything else is judged once all of them are through.
 */
export function fillIn(request: Request, cluster: Cluster, registry: Registry): Decision {
  if (isNeverBlocked(request)) return passed
  return decisionOf(
    registry
      .mutationsFor(request)
      .flatMap(({ name, rule }) => ask(name, () => rule.refuse?.(request) ?? allow)),
    mutate(request, cluster, registry).patch,
  )
}

/** The object with everything filled in that the mutations know, as it would be stored. */
export function mutated(request: Request, cluster: Cluster, registry: Registry): UnknownObject {
  const { object } = mutate(request, cluster, registry)
  return object === request.object ? request.submitted : asSent(object, request.submitted)
}

interface Found {
  readonly name: string
  readonly finding: Finding
  /** What the rule threw. */
  readonly error?: unknown
}

function decisionOf(findings: readonly Found[], patch: readonly PatchOperation[]): Decision {
  if (findings.length === 0) return patch.length === 0 ? passed : { ...passed, patch }

  const reasons = findings
    .flatMap(({ name, finding }) => (finding.type === 'deny' ? [reasonOf(name, finding)] : []))
    .toSorted((a, b) => compare(a.field, b.field) || compare(a.rule, b.rule))
  const advice = findings.flatMap(({ name, finding }) =>
    finding.type === 'warn' ? [{ name, message: finding.message }] : [],
  )
  const allowed = reasons.length === 0
  return {
    allowed,
    reasons,
    warnings: advice.map(({ message }) => message),
    advisers: advice.map(({ name }) => name),
    patch: allowed ? patch : [],
    auditAnnotations: {
      ...(!allowed && { 'denied-by': [...new Set(reasons.map(({ rule }) => rule))].join(',') }),
      ...(advice.length > 0 && { warnings: String(advice.length) }),
    },
    failures: findings.flatMap(found =>
      'error' in found ? [{ rule: found.name, error: found.error }] : [],
    ),
  }
}

const passed: Decision = Object.freeze({
  allowed: true,
  reasons: [],
  warnings: [],
  advisers: [],
  patch: [],
  auditAnnotations: {},
  failures: [],
})

/**
 * What no rule on spec may block (contracts: whom the rules bind): updates that
 * touch only finalizers, ownerReferences, managedFields, or labels and annotations
 * that are not Kradle's, unless a rule is about just these; and deletions by the namespace controller, which works on
 * nothing but namespaces that are going anyway. A broken object must stay removable.
 */
export function isNeverBlocked({ operation, user, object, oldObject }: Request): boolean {
  if (operation === 'DELETE') return user.username === NAMESPACE_CONTROLLER
  if (operation !== 'UPDATE' || !oldObject) return false
  return (
    haveSameOwn(object.metadata.labels, oldObject.metadata.labels) &&
    haveSameOwn(object.metadata.annotations, oldObject.metadata.annotations) &&
    jsonEqual(withoutMetadata(object), withoutMetadata(oldObject))
  )
}

type Texts = Readonly<Record<string, string>>

/** Whether what is Kradle's is the same in both. */
const haveSameOwn = (texts: Texts, old: Texts): boolean =>
  [...Object.keys(texts), ...Object.keys(old)].every(
    key => !key.startsWith(PREFIX) || texts[key] === old[key],
  )

export const NAMESPACE_CONTROLLER = 'system:serviceaccount:kube-system:namespace-controller'

const withoutMetadata = (object: ReviewedObject) => ({
  ...object,
  metadata: undefined,
  status: undefined,
})

function mutate(request: Request, cluster: Cluster, registry: Registry) {
  const object = registry
    .mutationsFor(request)
    .reduce(
      (current, { rule }) => rule.apply({ ...request, object: current }, cluster) as ReviewedObject,
      request.object,
    )
  return {
    object,
    patch:
      object === request.object
        ? []
        : jsonDiff(request.submitted, asSent(object, request.submitted)),
  }
}

/** The object without the empty maps that only the rules needed: storing them would be a change nobody asked for. */
function asSent(object: ReviewedObject, { metadata }: UnknownObject): UnknownObject {
  const { labels, annotations, ...rest } = object.metadata
  return {
    ...object,
    metadata: {
      ...rest,
      ...((metadata.labels ?? !isEmpty(labels)) && { labels }),
      ...((metadata.annotations ?? !isEmpty(annotations)) && { annotations }),
    },
  }
}

const isEmpty = (map: object): boolean => Object.keys(map).length === 0

/** A rule that throws is a bug; the write it was asked about is refused all the same. */
function ask(name: string, question: () => readonly Finding[]): readonly Found[] {
  try {
    return question().map(finding => ({ name, finding }))
  } catch (error) {
    const [finding] = deny({
      rule: 'bug',
      field: '',
      value: undefined,
      problem: `the rule failed: ${error instanceof Error ? error.name : 'Error'}`,
      fix: 'nothing was written; please report this with the logs of the webhook server',
    })
    return [{ name, finding: finding!, error }]
  }
}

function reasonOf(name: string, denial: Denial): Reason {
  const { rule: number, field, value, problem, fix } = denial
  const what = value === undefined ? problem : `${quote(value)} ${problem}`
  return {
    rule: name,
    number,
    field,
    message: `${field ? `${field}: ` : ''}${what}; ${fix} [${number} ${name}]`,
  }
}

/** A value as it stands in a message: short, on one line. */
function quote(value: unknown): string {
  const text = textOf(value)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    // Deeper than it can be written down.
    return 'what stands there'
  }
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b)
