import { createHash } from 'node:crypto'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import { kindsNamed } from './kinds.ts'
import type { KyvernoPolicy, NamedExpression, PolicyException } from './kyverno.ts'
import { textLiteral } from './literal.ts'
import {
  ANNOTATION_EXCEPTIONS,
  exceptionNameOf,
  generatedLabels,
  KYVERNO_API_VERSION,
  LABEL_EXCEPTION_REQUEST,
  policyKindOf,
  policyNameOf,
} from './names.ts'

/** What an exception is made of. */
export interface ExceptionSource {
  readonly request: PolicyExceptionRequest
  readonly binding: Pick<PolicyBinding, 'metadata' | 'spec'>
  readonly template: Pick<PolicyTemplate, 'spec'>
}

/**
 * The PolicyException of a request; undefined where it names no resources, since there is no exception for everything. Whether
 * it is approved, allowed and not over is for the caller to know (see isOver).
 *
 * It names the one policy of the binding, and matches namespace, kind and name exactly. For Validating policies the time at
 * which it ends goes into the policy's own expressions, so it ends on the second whoever is down, and two of them allow what
 * the later one does. For the others it is there until it is deleted.
 */
export function exceptionOf({
  request,
  binding,
  template,
}: ExceptionSource): PolicyException | undefined {
  const { organizationRef: org, resources = [], expiresAt } = request.spec
  const namespace = request.metadata.namespace ?? ''
  const { type } = template.spec.kyverno
  if (resources.length === 0) return undefined
  const until = instantOf(expiresAt)
  return {
    apiVersion: KYVERNO_API_VERSION,
    kind: 'PolicyException',
    metadata: {
      name: exceptionNameOf(org, request.metadata.name),
      namespace: PLATFORM_NAMESPACE,
      labels: {
        ...generatedLabels(org, binding.metadata.name),
        [LABEL_EXCEPTION_REQUEST]: request.metadata.name,
      },
    },
    spec: {
      policyRefs: [{ name: policyNameOf(org, binding.metadata.name), kind: policyKindOf(type) }],
      matchConditions:
        type === 'Deleting'
          ? byObject(namespace, resources, template)
          : byRequest(namespace, resources, template),
      ...(type === 'Validating' && { allowedValues: [until] }),
      expiresAt: until,
    },
  }
}

type Resources = NonNullable<PolicyExceptionRequest['spec']['resources']>

const anyOf = (conditions: readonly string[]): string =>
  conditions.map(each => `(${each})`).join(' || ')

/** The groups that a kind of this template may be of. Of one that it does not name, none: there is nothing to exempt. */
const groupsOf = (template: ExceptionSource['template'], kind: string): string[] => [
  ...new Set(
    template.spec.targetKinds
      .flatMap(kindsNamed)
      .filter(target => target.kind === kind)
      .map(({ group }) => group),
  ),
]

const listOf = (texts: readonly string[]): string => `[${texts.map(textLiteral).join(', ')}]`

function byRequest(
  namespace: string,
  resources: Resources,
  template: ExceptionSource['template'],
): NamedExpression[] {
  const expression = anyOf(
    resources.map(
      ({ kind, name }) =>
        `request.kind.group in ${listOf(groupsOf(template, kind))} && ` +
        `request.kind.kind == ${textLiteral(kind)} && request.name == ${textLiteral(name)}`,
    ),
  )
  return [
    { name: 'namespace', expression: `request.namespace == ${textLiteral(namespace)}` },
    { name: 'resources', expression },
  ]
}

/** Where there is no request to look at. */
function byObject(
  namespace: string,
  resources: Resources,
  template: ExceptionSource['template'],
): NamedExpression[] {
  const field = (path: string): string => `object.?${path.replaceAll('.', '.?')}.orValue("")`
  const expression = anyOf(
    resources.map(({ kind, name }) => {
      const versions = template.spec.targetKinds
        .flatMap(kindsNamed)
        .filter(target => target.kind === kind)
        .map(({ group, version }) => (group ? `${group}/${version}` : version))
      return (
        `${field('apiVersion')} in ${listOf([...new Set(versions)])} && ` +
        `${field('kind')} == ${textLiteral(kind)} && ${field('metadata.name')} == ${textLiteral(name)}`
      )
    }),
  )
  return [
    {
      name: 'namespace',
      expression: `${field('metadata.namespace')} == ${textLiteral(namespace)}`,
    },
    { name: 'resources', expression },
  ]
}

/** RFC 3339 in UTC, to the second, downwards: CEL and Kyverno read it alike. */
const instantOf = (time: string): string => {
  const at = new Date(Math.floor(Date.parse(time) / 1000) * 1000)
  return at.toISOString().replace('.000Z', 'Z')
}

/** Whether the exception of a request is over: the time that it says is not part of it. */
export const isOver = (request: Pick<PolicyExceptionRequest, 'spec'>, now: Date): boolean =>
  now.getTime() >= Date.parse(instantOf(request.spec.expiresAt))

/**
 * A policy that says which exceptions it has, so that it changes when they do: Kyverno compiles exceptions with policies and
 * looks at no namespaced policy again for the sake of an exception.
 */
export function withExceptions(
  policy: KyvernoPolicy,
  exceptions: readonly PolicyException[],
): KyvernoPolicy {
  const { [ANNOTATION_EXCEPTIONS]: _, ...annotations } = policy.metadata.annotations ?? {}
  const digest = digestOf(exceptions)
  return {
    ...policy,
    metadata: {
      ...policy.metadata,
      annotations: { ...annotations, ...(digest && { [ANNOTATION_EXCEPTIONS]: digest }) },
    },
  }
}

/** What the annotation holds: `<how many>-<hash>`, the same whatever their order; undefined where there are none. */
function digestOf(exceptions: readonly PolicyException[]): string | undefined {
  if (exceptions.length === 0) return undefined
  const each = exceptions
    .map(({ metadata, spec }) => JSON.stringify([metadata.name, spec]))
    .toSorted()
  const hash = createHash('sha256').update(each.join('\n')).digest('hex').slice(0, 16)
  return `${exceptions.length}-${hash}`
}
