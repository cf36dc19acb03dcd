import { apiVersionOf } from '#src/api/kind.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Resource } from '../resource.ts'

/**
 * What is stored of an object: its JSON from behind `"metadata":{` on, without apiVersion, kind and
 * metadata.resourceVersion.
 *
 * What goes before is the same for all objects of a resource, but for the version. So that it can be
 * put in front without a look at the content, whatever that may be.
 */
export function bodyOf(object: UnknownObject): string {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object
  const { resourceVersion: _resourceVersion, ...kept } = metadata
  const after = JSON.stringify(rest)
  return JSON.stringify(kept).slice(1) + (after === '{}' ? '}' : `,${after.slice(1)}`)
}

/** The complete object, in the order in which kube-apiserver prints it. */
export function jsonOf({ kind }: Resource, resourceVersion: string, body: string): string {
  const head = `{"apiVersion":"${apiVersionOf(kind)}","kind":"${kind.kind}","metadata":{"resourceVersion":"`
  return `${head}${resourceVersion}"${body.startsWith('}') ? '' : ','}${body}`
}
