import type { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { AgentRoleBinding, AgentServiceAccount } from '#src/api/identity/v1alpha1.ts'
import { brokenLimits } from './account-limits.ts'
import { nameOf, type Consumer } from './consumer.ts'
import {
  grantKindOf,
  isOn,
  judge,
  serves,
  targetOf,
  type Answer,
  type Grant,
  type Snapshot,
  type Verdict,
} from './grants.ts'
import { grantManifest, roleBindingManifest } from './manifest.ts'
import type { Source } from './pod-references.ts'
import { bindsHolder, judgeRole } from './role-review.ts'
import { isUntrusted } from './run-facts.ts'
import { forbiddenBy } from './stack-policy.ts'

/** What a run was started by, as far as it is known. */
export interface Trigger {
  readonly repository?: string | undefined
  /** Such as manual or ci. */
  readonly source?: string | undefined
  readonly rule?: string | undefined
  readonly sourceKind?: string | undefined
  /** Default the stack's. */
  readonly runnerPool?: string | undefined
  /** Anything but `trusted` is untrusted. */
  readonly trustTier?: string | undefined
}

/** What is said of one requirement, and what to apply where a grant is missing. */
interface Result extends Verdict {
  /** Where a grant is missing and one can be written: one line of JSON for `kubectl apply -f -`. */
  readonly manifest: string | undefined
}

/** Something that a stack counts on. */
export interface Requirement {
  readonly kind: 'account' | 'role' | Source
  /** Of the account, the role binding, the Secret or ConfigMap; of the grant, where there is no grant to say which. */
  readonly name: string
  /** undefined where it is about all of them. */
  readonly key: string | undefined
}

export interface StackResult extends Result {
  readonly requirement: Requirement
}

/** Who a run of a stack would be. */
export function consumerOfStack(
  { metadata, spec }: AgentStack,
  ref: string | undefined,
  { repository, source: triggerSource, rule: triggerRule, sourceKind, ...trigger }: Trigger,
): Consumer {
  const { trustTier, runnerPool = spec.runnerPool } = trigger
  return {
    namespace: metadata.namespace ?? '',
    account: spec.runtimeIdentity.serviceAccountRef,
    facts: {
      run: undefined,
      stack: metadata.name,
      repository,
      triggerRule,
      sourceKind,
      runnerPool,
      trustTier,
      ref,
      triggerSource,
      purposes: new Map(),
    },
    isAgent: true,
    isUntrusted: isUntrusted({ trustTier, ref }),
  }
}

/**
 * What a run of a stack would be allowed: one result per requirement, the most severe first.
 * The requirements are its account, its role bindings, every key of the grants it names, and
 * the other Secrets it lists. In this order decide: what the stack itself forbids, native
 * objects that are missing, subject, purpose, repository, ref, trigger, trust.
 */
export function reviewPermissions(
  stack: AgentStack,
  ref: string | undefined,
  trigger: Trigger,
  snapshot: Snapshot,
): readonly StackResult[] {
  const { spec } = stack
  const consumer = consumerOfStack(stack, ref, trigger)
  const { account, namespace } = consumer
  const claim = snapshot.cluster.get(AgentServiceAccount, account, namespace)
  const absent = claim && !claim.metadata.deletionTimestamp ? undefined : noAccount(account, claim)
  const work: Work = { stack, consumer, snapshot, absent }
  return [
    {
      requirement: { kind: 'account' as const, name: account, key: undefined },
      ...(absent ?? limitsOf(claim!, consumer)),
    },
    ...roleResults(work),
    ...grantResults('secret', spec.permissionRefs?.secretGrants ?? [], work),
    ...grantResults('configmap', spec.permissionRefs?.configGrants ?? [], work),
    ...listedSecretResults(work),
  ].toSorted((a, b) => severity.indexOf(a.answer) - severity.indexOf(b.answer))
}

const severity: readonly Answer[] = [
  'driftedNativeObject',
  'denied',
  'missingGrant',
  'staleGrant',
  'requiresApproval',
  'allowed',
]

interface Work {
  readonly stack: AgentStack
  readonly consumer: Consumer
  readonly snapshot: Snapshot
  /** Set where there is no account: then nothing can be had. */
  readonly absent: Result | undefined
}

/** A verdict as a result that has nothing to apply. */
const withoutManifest = (verdict: Verdict | undefined): Result | undefined =>
  verdict && { ...verdict, manifest: undefined }

const noAccount = (account: string, claim: AgentServiceAccount | undefined): Result => ({
  answer: 'denied',
  rule: 'R50',
  reason: `AgentServiceAccount "${account}" ${claim ? 'is being deleted' : 'does not exist'}`,
  fix: 'create it, or name another one in spec.runtimeIdentity.serviceAccountRef',
  grant: undefined,
  manifest: undefined,
})

function limitsOf(claim: AgentServiceAccount, { account, facts }: Consumer): Result {
  const [broken] = brokenLimits(claim, facts)
  return {
    answer: broken ? 'denied' : 'allowed',
    rule: 'R43',
    reason: broken
      ? `account "${account}" is limited by spec.${broken.limit}, and ${broken.value === undefined ? `no ${broken.fact} is stated` : `${broken.fact} "${broken.value}" is not in it`}`
      : `account "${account}" is there`,
    fix: broken ? 'use another account, or have the limit changed' : '',
    grant: undefined,
    manifest: undefined,
  }
}

/** The role bindings that the stack names, and those that name the stack or its account. */
function roleResults({ stack, consumer, snapshot, absent }: Work): StackResult[] {
  const { namespace, account, facts } = consumer
  const holder = { stack: stack.metadata.name, account, repository: facts.repository }
  const named = stack.spec.permissionRefs?.roleBindings ?? []
  const bindings = snapshot.cluster.list(AgentRoleBinding, namespace)
  const others = bindings.filter(
    binding => bindsHolder(binding, holder) && !named.includes(binding.metadata.name),
  )
  const result = (name: string, given: Result) => ({
    requirement: { kind: 'role' as const, name, key: undefined },
    ...given,
  })
  return [
    ...named.map(name => {
      const binding = snapshot.cluster.get(AgentRoleBinding, name, namespace)
      if (absent) return result(name, absent)
      if (binding) return result(name, { ...judgeRole(binding, holder), manifest: undefined })
      return result(name, {
        answer: 'missingGrant',
        rule: 'R65',
        reason: `AgentRoleBinding "${name}" does not exist`,
        fix: 'have it created with the role that is needed, or take it out of spec.permissionRefs.roleBindings',
        grant: undefined,
        manifest: roleBindingManifest(name, account, namespace),
      })
    }),
    // Nobody counts on these; that they were tampered with matters all the same.
    ...others.flatMap(binding => {
      const verdict = judgeRole(binding, holder)
      return verdict.answer === 'driftedNativeObject'
        ? [result(binding.metadata.name, { ...verdict, manifest: undefined })]
        : []
    }),
  ]
}

/** Every key of the grants that the stack names (R65). */
function grantResults(source: Source, names: readonly string[], work: Work): StackResult[] {
  const { stack, consumer, snapshot, absent } = work
  const { namespace, facts } = consumer
  const kind = grantKindOf(source)
  const all = names.length === 0 ? [] : snapshot.cluster.list(kind, namespace)
  return names.flatMap((name): StackResult[] => {
    const grant = snapshot.cluster.get(kind, name, namespace)
    const say = (of: string, key: string | undefined, given: Result): StackResult => ({
      requirement: { kind: source, name: of, key },
      ...given,
    })
    const deny = (rule: string, reason: string, fix: string): Result => ({
      answer: 'denied',
      rule,
      reason: `grant "${name}" ${reason}`,
      fix,
      grant: name,
      manifest: undefined,
    })
    if (!grant)
      return [
        say(
          name,
          undefined,
          absent ?? {
            answer: 'missingGrant',
            rule: 'R65',
            reason: `${kind.kind} "${name}" does not exist`,
            fix: 'have it created with the name and keys that are needed, or take it out of spec.permissionRefs',
            grant: undefined,
            manifest: grantManifest(
              { source, name, keys: [], way: undefined, purpose: undefined, grantName: name },
              consumer,
            ),
          },
        ),
      ]

    const target = targetOf(grant)
    const forbidden = withoutManifest(forbiddenBy(stack, { source, name: target.name }, facts.ref))
    const whole =
      forbidden ??
      absent ??
      (isMissing(grant)
        ? deny('R62', `is on ${target.name}, which does not exist`, 'create what it is on')
        : undefined) ??
      (!serves(grant, consumer, snapshot.cluster) || !isOn(grant, target.name, namespace)
        ? deny(
            'R65',
            `is neither for stack "${stack.metadata.name}" nor for its account`,
            'have one made for the stack',
          )
        : undefined) ??
      (target.keys.length === 0
        ? deny('R53', 'lists no key, so it grants nothing', 'have the keys added that are needed')
        : undefined)
    if (whole) return [say(target.name, undefined, whole)]
    return target.keys.map(key => {
      const { purpose } = grant.spec
      const asked = { source, name: target.name, key, way: undefined, purpose }
      return say(target.name, key, {
        ...judge(all, asked, consumer, snapshot)!,
        manifest: undefined,
      })
    })
  })
}

/** What the grants controller saw when it last looked. */
const isMissing = ({ status }: Grant): boolean =>
  status?.conditions?.some(
    ({ type, status: holds }) =>
      (type === 'SecretExists' || type === 'ConfigMapExists') && holds === 'False',
  ) ?? false

/** The Secrets that the stack lists and names no grant on: one key of each has to be granted. */
function listedSecretResults({ stack, consumer, snapshot, absent }: Work): StackResult[] {
  const { namespace, facts } = consumer
  const { secretPolicy, permissionRefs } = stack.spec
  const kind = grantKindOf('secret')
  const named = (permissionRefs?.secretGrants ?? []).flatMap(name => {
    const grant = snapshot.cluster.get(kind, name, namespace)
    return grant ? [targetOf(grant).name] : []
  })
  const listed = (secretPolicy?.allowedSecretRefs ?? []).filter(name => !named.includes(name))
  const grants = listed.length === 0 ? [] : snapshot.cluster.list(kind, namespace)
  return listed.map(name => {
    const verdicts = grants
      .filter(grant => targetOf(grant).name === name)
      .flatMap(grant =>
        targetOf(grant).keys.flatMap(key => {
          const { purpose } = grant.spec
          const asked = { source: 'secret', name, key, way: undefined, purpose } as const
          return judge([grant], asked, consumer, snapshot) ?? []
        }),
      )
      .toSorted((a, b) => severity.indexOf(b.answer) - severity.indexOf(a.answer))
    const result = withoutManifest(forbiddenBy(stack, { source: 'secret', name }, facts.ref)) ??
      absent ??
      withoutManifest(verdicts[0]) ?? {
        answer: 'missingGrant' as const,
        rule: 'R62',
        reason: `no ${kind.kind} gives a key of it to ${nameOf(consumer)}`,
        fix: 'have a grant created with the keys that are needed, or take the Secret out of spec.secretPolicy.allowedSecretRefs',
        grant: undefined,
        manifest: grantManifest(
          { source: 'secret', name, keys: [], way: undefined, purpose: undefined },
          consumer,
        ),
      }
    return { requirement: { kind: 'secret' as const, name, key: undefined }, ...result }
  })
}
