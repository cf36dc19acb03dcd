import { apiVersionOf, type Kind } from '#src/api/kind.ts'
import { LABEL_ORG, LABEL_OWNER_UID } from '#src/api/names.ts'
import type { KubernetesObject, ObjectMeta } from '#src/api/object.ts'
import type { Removal } from './controller.ts'
import { isAppliedBy, type ManagedFields } from './slim.ts'

/** Labels by which projections are watched. */
export const PROJECTED = Object.freeze({ [LABEL_OWNER_UID]: '' })

type Owner = KubernetesObject & { readonly spec: { readonly organizationRef: string } }

/** The metadata of what is made for `owner`: it goes when the owner goes. */
export const projectedFor = (owner: Owner, kind: Kind, name: string): ObjectMeta => ({
  name,
  namespace: String(owner.metadata.namespace),
  labels: {
    [LABEL_ORG]: owner.spec.organizationRef,
    [LABEL_OWNER_UID]: String(owner.metadata.uid),
  },
  ownerReferences: [
    {
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      name: owner.metadata.name,
      uid: String(owner.metadata.uid),
      controller: true,
    },
  ],
})

/** Whether `object` was made for `owner`, and not by somebody else or for an earlier owner of that name. */
export const isFor = (owner: KubernetesObject, object: KubernetesObject): boolean =>
  object.metadata.labels?.[LABEL_OWNER_UID] === owner.metadata.uid

/**
 * Whether a field that counts as one value (`rules`, `subjects`) stands as `manager` applied
 * it last. Whoever else changes such a field takes it over. Needs metadata.managedFields.
 */
export const isAsLeftBy = (manager: string, object: KubernetesObject, field: string): boolean =>
  (object.metadata.managedFields ?? [])
    .filter(isAppliedBy(manager))
    .some(entry => `f:${field}` in ((entry as ManagedFields).fieldsV1 ?? {}))

/** Takes exactly this object away. */
export const removalOf = (
  kind: Kind,
  { metadata: { name, namespace, uid } }: KubernetesObject,
): Removal => ({ kind, name, namespace, uid })
