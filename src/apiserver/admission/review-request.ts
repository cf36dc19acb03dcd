import type { Attributes } from './admission.ts'

/** The parts of an AdmissionRequest that webhooks are sent and expressions see alike; what is empty is left out. */
export function requestOf(attributes: Attributes, uid: string): Record<string, unknown> {
  const { resource, subresource, name, namespace, operation, user, dryRun, options } = attributes
  const { group, version, kind, plural } = resource.kind
  const type = { group, version, kind }
  const of = { group, version, resource: plural }
  const { username, uid: userId, groups, extra } = user
  return {
    uid,
    kind: type,
    resource: of,
    ...(subresource && { subResource: subresource }),
    requestKind: type,
    requestResource: of,
    ...(subresource && { requestSubResource: subresource }),
    ...(name && { name }),
    ...(namespace && { namespace }),
    operation,
    userInfo: {
      ...(username && { username }),
      ...(userId && { uid: userId }),
      ...(groups?.length && { groups }),
      ...(extra && Object.keys(extra).length > 0 && { extra }),
    },
    object: null,
    oldObject: null,
    dryRun,
    options,
  }
}
