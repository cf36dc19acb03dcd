import { isPathSegment } from '#src/lib/api-path.ts'
import type { RequestInfo } from '../request.ts'
import type { Access } from './auth.ts'

const ON_COLLECTIONS: readonly string[] = ['list', 'watch', 'deletecollection']

/**
 * What a request asks for. As in kube-apiserver, a list of the one object that its field selector
 * names is a question about that object, so that RBAC by resourceNames holds for it.
 */
export function accessOf(request: RequestInfo): Access {
  const { verb, resource, subresource, namespace, query } = request
  const onCollection = ON_COLLECTIONS.includes(verb)
  const labelSelector = onCollection ? (query.get('labelSelector') ?? '') : ''
  const fieldSelector = onCollection ? (query.get('fieldSelector') ?? '') : ''
  return {
    verb,
    group: resource.kind.group,
    version: resource.kind.version,
    resource: resource.kind.plural,
    subresource,
    namespace,
    name: request.name || (verb === 'deletecollection' ? '' : nameIn(fieldSelector)),
    labelSelector,
    fieldSelector,
  }
}

/** The name that a field selector asks for, or ''. An escaped comma is part of a value and begins nothing. */
function nameIn(fieldSelector: string): string {
  const [, name = ''] =
    /(?:^|(?<!\\),)metadata\.name={1,2}([^,=!\\]*)(?=,|$)/.exec(fieldSelector) ?? []
  return isPathSegment(name) ? name : ''
}
