import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { apiVersionOf, resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { labelSelectorOf } from './api-path.ts'
import type { Client } from './client.ts'
import type { Logger } from './log.ts'
import { Reflector, type ReflectorOptions } from './reflector.ts'
import { slim } from './slim.ts'

/** Which objects of a kind somebody wants to follow. */
export interface Interest {
  readonly kind: Kind
  readonly namespace?: string
  /** Only the object of this name. */
  readonly name?: string
  /** '' matches any value. */
  readonly labels?: Readonly<Record<string, string>>
  /** The kind may not be installed; it then has no objects. */
  readonly optional?: boolean
  readonly part?: 'metadata'
  /** What is kept of each object; `slim` is done in any case. */
  project?(this: void, object: KubernetesObject): KubernetesObject
}

export interface InformersOptions {
  readonly client: Client
  readonly log: Logger
  /** Keeps the managed fields of this manager, for whoever has to tell what it applied. */
  readonly fieldManager?: string
  /** Passed on to each reflector. */
  readonly tuning?: Partial<
    Pick<ReflectorOptions<KubernetesObject>, 'idleMs' | 'pageSize' | 'retry' | 'watchSeconds'>
  >
}

/** The reflectors of a process: one for everybody who follows the same objects. */
export class Informers {
  readonly #options: InformersOptions
  readonly #reflectors = new Map<
    string,
    readonly { readonly project: Interest['project']; readonly reflector: Reflector }[]
  >()
  #started = false

  constructor(options: InformersOptions) {
    this.#options = options
  }

  /** The reflector for these objects; started with the others, or at once where they are running. */
  of({ kind, namespace, name, labels, optional, part, project }: Interest): Reflector {
    const labelSelector = labels && labelSelectorOf(labels)
    const fieldSelector = name && `metadata.name=${name}`
    const resource = [resourceOf(kind), apiVersionOf(kind)]
    const key = JSON.stringify([...resource, namespace, fieldSelector, labelSelector, part])
    const known = this.#reflectors.get(key)?.find(each => each.project === project)
    if (known) return known.reflector
    const { client, log, fieldManager, tuning } = this.#options
    const reflector = new Reflector({
      ...tuning,
      client,
      log,
      kind,
      namespace,
      labelSelector,
      fieldSelector,
      part,
      project: object => {
        const rest = slim(object, fieldManager)
        return project?.(rest) ?? rest
      },
      ...(optional && { whenAbsent: 'empty' as const }),
    })
    this.#reflectors.set(key, [...(this.#reflectors.get(key) ?? []), { project, reflector }])
    if (optional) this.of(definitionOf(kind)).onChange(() => reflector.wake())
    if (this.#started) reflector.start()
    return reflector
  }

  *[Symbol.iterator](): IterableIterator<Reflector> {
    for (const each of this.#reflectors.values()) for (const { reflector } of each) yield reflector
  }

  start(): void {
    this.#started = true
    for (const reflector of this) reflector.start()
  }

  /** Names of the resources whose first list is not through. */
  unsynced(): string[] {
    return [...this].filter(({ hasSynced }) => !hasSynced).map(({ resource }) => resource)
  }

  /** Resolves when all have their first list; rejects with an AbortError where `stop` comes first. */
  async synced(): Promise<void> {
    await Promise.all([...this].map(reflector => reflector.synced()))
  }

  async stop(): Promise<void> {
    await Promise.all([...this].map(reflector => reflector.stop()))
  }
}

/** The definition of a kind that may not be installed. It is large, and only its being there matters. */
export const definitionOf = (kind: Kind) => ({
  kind: CustomResourceDefinition,
  name: resourceOf(kind),
  part: 'metadata' as const,
})
