import type { Access } from '../auth/auth.ts'
import { exactly, parseFieldSelector } from '../read/field-selector.ts'
import type { RequestInfo } from '../request.ts'

/** What a request needs the right to. Whoever lists one object by its name needs the right to that one alone. */
export function accessOf(info: RequestInfo): Access {
  const { verb, resource, subresource, namespace, query } = info
  const { group, version, plural } = resource.kind
  const selects = verb === 'list' || verb === 'watch' || verb === 'deletecollection'
  const fieldSelector = (selects && query.get('fieldSelector')) || ''
  const reads = verb === 'list' || verb === 'watch'
  return {
    verb,
    group,
    version,
    resource: plural,
    subresource,
    namespace,
    name: info.name || (reads && selectedName(fieldSelector)) || '',
    labelSelector: (selects && query.get('labelSelector')) || '',
    fieldSelector,
  }
}

function selectedName(fieldSelector: string): string {
  try {
    const name = exactly(parseFieldSelector(fieldSelector), 'metadata.name') ?? ''
    return /[/%]|^\.\.?$/.test(name) ? '' : name
  } catch {
    // What is wrong with it is said later, to those who may ask at all.
    return ''
  }
}
