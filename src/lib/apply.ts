import { createHash } from 'node:crypto'
import { LABEL_MANAGED_BY } from '#src/api/names.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { isApplied } from './applied.ts'
import type { Client } from './client.ts'
import { keyOfObject } from './cluster.ts'

export interface ApplierOptions {
  readonly client: Client
  /** The Deployment's name. */
  readonly fieldManager: string
  /** The object as a watch shows it; undefined where none does. */
  readonly live: (
    kind: Kind,
    name: string,
    namespace: string | undefined,
  ) => KubernetesObject | undefined
  readonly signal: AbortSignal
}

/** Applies objects, and leaves out what would change nothing. */
export class Applier {
  readonly #options: ApplierOptions
  /**
   * What was applied, and what came of it, for objects that never look like what was
   * applied because the server writes values its own way (`1000m` becomes `1`).
   */
  readonly #rewritten = new Map<string, { readonly digest: string; readonly version: string }>()

  constructor(options: ApplierOptions) {
    this.#options = options
  }

  /** Resolves to the object as it is afterwards, or to undefined where nothing had to be sent. */
  async apply(kind: Kind, object: KubernetesObject): Promise<KubernetesObject | undefined> {
    const { client, fieldManager, live, signal } = this.#options
    const desired = managed(object)
    const { name, namespace } = desired.metadata
    const before = live(kind, name, namespace)
    const key = `${kind.group}/${kind.plural}/${keyOfObject(desired)}`
    if (before && (isApplied(before, desired, fieldManager) || this.#stands(key, before, desired)))
      return undefined
    const after = await client.apply(kind, desired, { fieldManager, force: true, signal })
    if (isApplied(after, desired, fieldManager)) this.#rewritten.delete(key)
    else
      this.#rewritten.set(key, {
        digest: digestOf(desired),
        version: after.metadata.resourceVersion ?? '',
      })
    return after
  }

  /** Whether nobody has touched the object since the same was applied to it. */
  #stands(key: string, before: KubernetesObject, desired: KubernetesObject): boolean {
    const last = this.#rewritten.get(key)
    return (
      last !== undefined &&
      last.version === before.metadata.resourceVersion &&
      last.digest === digestOf(desired)
    )
  }
}

/** The object with the label that everything we make bears. */
function managed(object: KubernetesObject): KubernetesObject {
  const { metadata } = object
  return {
    ...object,
    metadata: { ...metadata, labels: { ...metadata.labels, [LABEL_MANAGED_BY]: 'kradle' } },
  }
}

const digestOf = (object: KubernetesObject): string =>
  createHash('sha256').update(JSON.stringify(object)).digest('base64')
