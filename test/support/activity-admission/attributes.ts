import type { ReviewAccess } from '#src/apiserver/admission/access.ts'
import type { Attributes } from '#src/apiserver/admission/admission.ts'
import type { Resource } from '#src/apiserver/resource.ts'
import type { UnknownObject } from '#src/api/object.ts'

const kind = {
  group: 'shadow.example.com',
  version: 'v1',
  kind: 'Thing',
  plural: 'things',
  namespaced: true,
}

export const thing = (more: Partial<UnknownObject> = {}): UnknownObject => ({
  apiVersion: 'shadow.example.com/v1',
  kind: 'Thing',
  metadata: { name: 'one', namespace: 'red' },
  ...more,
})

/** Everybody may do everything. */
export const allows: ReviewAccess = async () => ({ allowed: true, reason: '' })

/** A creation of `thing()` by jane, and what it was warned of. */
export function attributesFor(
  more: Partial<Attributes> = {},
): Attributes & { readonly warnings: readonly string[] } {
  const warnings: string[] = []
  return {
    operation: 'CREATE',
    // Admission asks nothing of a schema.
    resource: { kind } as unknown as Resource,
    subresource: '',
    namespace: 'red',
    name: 'one',
    user: { username: 'jane', groups: ['devs'] },
    dryRun: false,
    object: thing(),
    oldObject: undefined,
    options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    signal: new AbortController().signal,
    warn: text => void warnings.push(text),
    warnings,
    ...more,
  }
}
