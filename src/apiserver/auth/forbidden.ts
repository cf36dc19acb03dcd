import type { UserInfo } from '#src/api/admission/v1.ts'
import { quoted } from '#src/lib/schema/go-text.ts'
import { StatusError } from '../status-error.ts'
import type { Attributes } from './access-review.ts'

/** 403 in the words of kube-apiserver; `reason` is the authorizer's, or ''. */
export function forbidden(
  { username = '' }: UserInfo,
  attributes: Attributes,
  reason: string,
): StatusError {
  const { verb } = attributes
  const who = `User ${quoted(username)} cannot ${verb}`
  const because = (what: string) => harmless(`${who} ${what}`) + (reason && `: ${reason}`)
  if ('path' in attributes)
    return refusal(`forbidden: ${because(`path ${quoted(attributes.path)}`)}`, {})

  const { group = '', resource, subresource = '', namespace = '', name = '' } = attributes
  const where = namespace ? `in the namespace ${quoted(namespace)}` : 'at the cluster scope'
  const whole = subresource ? `${resource}/${subresource}` : resource
  const words = because(`resource ${quoted(whole)} in API group ${quoted(group)} ${where}`)
  const target = (group ? `${resource}.${group}` : resource) + (name && ` ${quoted(name)}`)
  return refusal(`${target} is forbidden: ${words}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind: resource,
  })
}

const refusal = (message: string, details: object): StatusError =>
  new StatusError(403, 'Forbidden', message, details)

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Nothing that a browser could take for HTML. */
const harmless = (text: string): string => text.replaceAll(/[&<>]/g, found => ENTITIES[found]!)
