import { accountOf, type AuditEvent } from './audit-events.ts'
import type { Binding, PolicyRule, Role } from './roles.ts'

/** One thing that an account may do: `verb group/resource[/subresource] [of name] [in namespace]`. */
export interface Right {
  readonly verb: string
  readonly group: string
  readonly resource: string
  /** Empty: of any name. */
  readonly names: readonly string[]
  /** Undefined: everywhere. What is held in one organisation's namespace is held in each, so it counts once. */
  readonly namespace: string | undefined
}

export const textOf = ({ verb, group, resource, names, namespace }: Right): string =>
  [
    `${verb} ${resource}${group && `.${group}`}`,
    ...(names.length > 0 ? [`named ${names.join(', ')}`] : []),
    ...(namespace === undefined ? [] : [`in ${namespace}`]),
  ].join(' ')

/** Every single right of an account of kradle-system. */
export function rightsOf(
  account: string,
  bindings: readonly Binding[],
  roles: readonly Role[],
): Right[] {
  const held = bindings.filter(({ subjects = [] }) =>
    subjects.some(({ kind, name, namespace }) => {
      return kind === 'ServiceAccount' && name === account && namespace === 'kradle-system'
    }),
  )
  const rights = held.flatMap(({ metadata: { namespace }, roleRef }) => {
    const role = roles.find(
      ({ kind, metadata }) =>
        kind === roleRef.kind &&
        metadata.name === roleRef.name &&
        (kind === 'ClusterRole' || metadata.namespace === namespace),
    )
    return (role?.rules ?? []).flatMap(rule => expanded(rule, homeOf(namespace)))
  })
  // The same may be held by two roles.
  return [...new Map(rights.map(right => [textOf(right), right])).values()]
}

const homeOf = (namespace: string | undefined) =>
  namespace?.replace(/^kradle-org-.+$/, 'kradle-org-*')

const expanded = (rule: PolicyRule, namespace: string | undefined): Right[] =>
  (rule.apiGroups ?? []).flatMap(group =>
    (rule.resources ?? []).flatMap(resource =>
      rule.verbs.map(verb => ({
        verb,
        group,
        resource,
        names: rule.resourceNames ?? [],
        namespace,
      })),
    ),
  )

/** Whether this request needed a right like that. */
export const uses = (event: AuditEvent, right: Right): boolean =>
  asks(event, right) || lends(event, right) || binds(event, right)

function asks({ verb, objectRef, responseStatus }: AuditEvent, right: Right): boolean {
  // To apply what is not there is to create it, and both are asked for.
  const created = verb === 'patch' && responseStatus?.code === 201 && right.verb === 'create'
  if (!objectRef?.resource || (verb !== right.verb && !created)) return false
  const { apiGroup = '', resource, subresource, namespace, name = '' } = objectRef
  return (
    apiGroup === right.group &&
    (subresource ? `${resource}/${subresource}` : resource) === right.resource &&
    (right.names.length === 0 || right.names.includes(name)) &&
    (right.namespace === undefined || right.namespace === homeOf(namespace))
  )
}

const isWritten = (status: AuditEvent['responseStatus']): boolean => Number(status?.code) < 300

/** Nobody may write a Role with a right that he has not himself. */
const lends = (
  { requestObject, responseStatus }: AuditEvent,
  { verb, group, resource, names }: Right,
): boolean =>
  isWritten(responseStatus) &&
  names.length === 0 &&
  (requestObject?.rules ?? []).some(
    ({ apiGroups, resources, verbs }) =>
      verbs.includes(verb) && apiGroups?.includes(group) && resources?.includes(resource),
  )

/** Nor bind one, unless he may do just that. */
function binds(
  { requestObject, responseStatus }: AuditEvent,
  { verb, resource, names }: Right,
): boolean {
  if (verb !== 'bind' || !requestObject?.roleRef || !isWritten(responseStatus)) return false
  const { kind, name } = requestObject.roleRef
  return resource === `${kind.toLowerCase()}s` && (names.length === 0 || names.includes(name))
}

/** What the account holds, and what of it no request of its needed. */
export interface Comparison {
  readonly account: string
  readonly held: number
  readonly unused: readonly Right[]
  /** Requests that were refused for want of a right that it does not hold. */
  readonly refused: readonly string[]
  /**
   * Requests that were refused though it holds the right: an uninstall takes roles before Pods have ended, and
   * a namespace that ends takes nothing new.
   */
  readonly refusedThoughHeld: readonly string[]
}

export function compare(
  account: string,
  rights: readonly Right[],
  events: readonly AuditEvent[],
): Comparison {
  // Most requests are like one before.
  const kinds = new Map<string, AuditEvent>()
  const refused = new Set<string>()
  const refusedThoughHeld = new Set<string>()
  for (const event of events) {
    if (accountOf(event) !== account) continue
    const { apiGroup, resource, subresource, namespace, name } = event.objectRef ?? {}
    kinds.set(
      JSON.stringify([
        event.requestObject?.rules,
        event.requestObject?.roleRef,
        event.verb,
        event.responseStatus?.code,
        apiGroup,
        resource,
        subresource,
        namespace,
        name,
      ]),
      event,
    )
    if (event.responseStatus?.code !== 403) continue
    const isHeld = rights.some(right => asks(event, right))
    ;(isHeld ? refusedThoughHeld : refused).add(`${event.verb} ${event.requestURI.split('?')[0]}`)
  }
  const asked = [...kinds.values()]
  return {
    account,
    held: rights.length,
    unused: rights.filter(right => !asked.some(event => uses(event, right))),
    refused: [...refused].toSorted(),
    refusedThoughHeld: [...refusedThoughHeld].toSorted(),
  }
}
