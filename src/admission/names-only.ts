import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'

/**
 * Leaves of an object what it is called and whom it names: for kinds that are watched to tell
 * what something is still named by. Changes its argument.
 */
export function namesOnly({ references = [] }: Kind): <T extends KubernetesObject>(object: T) => T {
  const fields = new Set(references.map(({ path }) => path.split('.')[1]?.replace('[]', '')))
  return object => {
    const { name, namespace, uid, resourceVersion } = object.metadata
    object.metadata = {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    }
    const rest: KubernetesObject & Pick<UnknownObject, 'spec' | 'status'> = object
    delete rest.status
    if (rest.spec)
      for (const field of Object.keys(rest.spec)) if (!fields.has(field)) delete rest.spec[field]
    return object
  }
}
