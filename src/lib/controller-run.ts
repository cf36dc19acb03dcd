import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { Applier } from './apply.ts'
import { cachedCluster } from './cached-cluster.ts'
import { keyOf, keyOfObject } from './cluster.ts'
import type { Controller, Watch } from './controller.ts'
import type { Informers } from './informers.ts'
import type { Logger } from './log.ts'
import { Reconciler, type ReconcilerOptions } from './reconciler.ts'
import type { Reflector } from './reflector.ts'
import { WorkQueue } from './work-queue.ts'

/** What all controllers of a process share. */
export type Shared = Pick<
  ReconcilerOptions,
  'client' | 'log' | 'fieldManager' | 'effects' | 'observations' | 'recorder' | 'check' | 'signal'
> & {
  /** Objects of one controller that are dealt with at a time. */
  readonly concurrency: number
  readonly reconciled: (controller: string, result: string, seconds: number) => void
}

/** One controller at work: changes go into its queue, and what comes out is reconciled. */
export class ControllerRun {
  readonly controller: Controller
  readonly #own: Reflector
  readonly #watched: readonly { readonly watch: Watch; readonly reflector: Reflector }[]
  readonly #sources: ReadonlyMap<string, readonly Reflector[]>
  #queue: WorkQueue | undefined

  /** Says what it has to follow; nothing happens before `start`. */
  constructor(controller: Controller, informers: Informers) {
    const { kind, namespace, resourceName: name } = controller
    this.controller = controller
    this.#own = informers.of({
      kind,
      ...(namespace !== undefined && { namespace }),
      ...(name !== undefined && { name }),
    })
    this.#watched = controller.watches.map(watch => ({ watch, reflector: informers.of(watch) }))
    const all = new Set([this.#own, ...this.#watched.map(({ reflector }) => reflector)])
    this.#sources = Map.groupBy(all, ({ resource }) => resource)
  }

  /** Objects waiting. */
  get depth(): number {
    return this.#queue?.depth ?? 0
  }

  /** Begins with every object there is. The caches must be complete. */
  start(shared: Shared): void {
    const sources = (kind: Kind) => this.#sourcesOf(kind)
    const live = (kind: Kind, name: string, namespace?: string) =>
      sources(kind)
        .map(({ store }) => store.get(name, namespace))
        .find(object => object)
    const { controller } = this
    const reconciler = new Reconciler({
      ...shared,
      controller,
      store: this.#own.store,
      sources,
      applier: new Applier({ ...shared, live }),
      reconciled: (result, seconds) => shared.reconciled(controller.name, result, seconds),
    })
    const { concurrency } = shared
    const queue = new WorkQueue({ process: key => reconciler.process(key), concurrency })
    this.#queue = queue
    this.#own.onChange((old, now) => {
      if (now) return queue.add(keyOfObject(now))
      if (!old) return
      // Whether it is gone for good is for the next look to say; its failures count no more.
      queue.forget(keyOfObject(old))
      reconciler.gone(old)
      queue.add(keyOfObject(old))
    })
    for (const { watch, reflector } of this.#watched)
      reflector.onChange((old, now) => {
        // An object may have passed from one owner to another.
        for (const key of new Set(
          [old, now].flatMap(object => this.#owners(watch, object, shared.log)),
        ))
          queue.add(key)
      })
  }

  /** Looks at everything again. */
  addAll(): void {
    for (const key of this.#own.store.keys()) this.#queue?.add(key)
  }

  /** Resolves when the running reconciles are through. */
  async stop(): Promise<void> {
    await this.#queue?.stop()
  }

  #sourcesOf(kind: Kind): readonly Reflector[] {
    return this.#sources.get(resourceOf(kind)) ?? []
  }

  #owners(watch: Watch, object: KubernetesObject | undefined, log: Logger): string[] {
    if (!object) return []
    const caches = (kind: Kind) => this.#sourcesOf(kind).map(({ store }) => store)
    const cluster = cachedCluster(caches, new Date())
    try {
      return watch.toOwners(object, cluster).map(({ name, namespace }) => keyOf(name, namespace))
    } catch (error) {
      // One odd object must not end the watch for all of them.
      const data = { err: error, controller: this.controller.name, key: keyOfObject(object) }
      log.error(data, 'toOwners failed')
      return []
    }
  }
}
