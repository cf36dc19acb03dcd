import type { UserInfo } from '#src/api/admission/v1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import { newMetadata, updatedMetadata } from '#src/lib/schema/metadata.ts'
import type { Fields } from '#src/lib/schema/structural.ts'
import type { Hooks } from './hooks.ts'

/** Who writes, and when: RFC 3339 in whole seconds. */
export interface Moment {
  readonly user: UserInfo
  readonly now: string
}

type Metadata = UnknownObject['metadata']
const fields = (metadata: Metadata | undefined): Fields => ({ ...metadata })
const meta = (metadata: Fields): Metadata => metadata as unknown as Metadata

/** An object as it was sent, without the metadata that is the server's to write. */
export const wiped = (object: UnknownObject): UnknownObject => ({
  ...object,
  metadata: meta(newMetadata(fields(object.metadata))),
})

/** What is stored of a new object: identified, in its first generation, without a status. */
export function prepareForCreate(
  object: UnknownObject,
  uid: string,
  { user, now }: Moment,
  hooks: Hooks | undefined,
): UnknownObject {
  const { status: _, ...content } = object
  const prepared: UnknownObject = {
    ...content,
    metadata: { ...object.metadata, uid, creationTimestamp: now, generation: 1 },
  }
  return hooks?.prepareForCreate?.(prepared, user, now) ?? prepared
}

/** What takes the place of `old`: what a write of this subresource may not change stays as it was. */
export function prepareForUpdate(
  object: UnknownObject,
  old: UnknownObject,
  subresource: string,
  { user, now }: Moment,
  hooks: Hooks | undefined,
): UnknownObject {
  const prepared =
    subresource === 'status' ? withStatusAlone(object, old) : withoutStatus(object, old)
  const next = hooks?.prepareForUpdate?.(prepared, old, user, now, subresource) ?? prepared
  const { generation = 0 } = old.metadata
  if (subresource === 'status' || jsonEqual(contentOf(next), contentOf(old))) return next
  return { ...next, metadata: { ...next.metadata, generation: generation + 1 } }
}

function contentOf(object: UnknownObject): Fields {
  const { metadata: _, status: __, ...content } = object
  return content
}

function withoutStatus(object: UnknownObject, old: UnknownObject): UnknownObject {
  const { status: _, ...content } = object
  return {
    ...content,
    metadata: meta(updatedMetadata(fields(object.metadata), fields(old.metadata))),
    ...(Object.hasOwn(old, 'status') && { status: old.status! }),
  }
}

function withStatusAlone(object: UnknownObject, old: UnknownObject): UnknownObject {
  const { status: _, ...rest } = old
  const { managedFields: __, ...metadata } = old.metadata
  const { managedFields } = object.metadata
  return {
    ...rest,
    metadata: { ...metadata, ...(managedFields && { managedFields }) },
    ...(Object.hasOwn(object, 'status') && { status: object.status! }),
  }
}
