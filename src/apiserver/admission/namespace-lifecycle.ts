import { StatusError } from '../status-error.ts'
import type { Attributes } from './admission.ts'
import type { Namespaces } from './namespaces.ts'
import { forbidden } from './refusal.ts'

export const namespaceNotFound = (name: string): StatusError =>
  new StatusError(404, 'NotFound', `namespaces "${name}" not found`, { name, kind: 'namespaces' })

/** Nothing is written where there is no namespace, and nothing new where it is going. Throws StatusError. */
export async function checkNamespace(
  attributes: Attributes,
  namespaces: Namespaces,
): Promise<void> {
  const { operation, namespace: name, signal } = attributes
  if (name === '' || operation === 'DELETE') return
  const namespace = await namespaces.get(name, signal)
  if (!namespace) throw namespaceNotFound(name)
  if (operation === 'CREATE' && namespace.status?.phase === 'Terminating')
    throw forbidden(
      attributes,
      `unable to create new content in namespace ${name} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${name} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    )
}
