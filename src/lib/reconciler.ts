import { apiVersionOf, resourceOf, type Kind } from '#src/api/kind.ts'
import type { KubernetesObject, Status } from '#src/api/object.ts'
import { ApiError, isConflict, isForbidden, isNotFound, isTransient } from './api-error.ts'
import type { Applier } from './apply.ts'
import { cachedCluster } from './cached-cluster.ts'
import type { Client } from './client.ts'
import { keyOfObject, type Cluster, type Lookup } from './cluster.ts'
import type { Controller, Plan, Removal } from './controller.ts'
import type { Effects } from './effects.ts'
import { KradleError } from './errors.ts'
import type { EventRecorder } from './events.ts'
import { finalizersFor } from './finalizer.ts'
import { liveCluster, type Source } from './live-cluster.ts'
import { readLive, readOne } from './live-read.ts'
import type { Logger } from './log.ts'
import type { Observations } from './observations.ts'
import { declaredKind } from './permission.ts'
import { covers, recorded, type Looks } from './recorded-cluster.ts'
import { changedConditions, isReported, statusOf } from './status.ts'
import type { Store } from './store.ts'
import type { Outcome } from './work-queue.ts'

export interface ReconcilerOptions {
  readonly controller: Controller
  readonly client: Client
  readonly log: Logger
  /** The Deployment's name. */
  readonly fieldManager: string
  /** The controller's own kind. */
  readonly store: Store
  /** What it follows of any kind that it declared. */
  readonly sources: (kind: Kind) => readonly Source[]
  readonly applier: Applier
  readonly effects: Effects
  readonly observations: Observations
  readonly recorder: EventRecorder
  /** Throws where this process may not write any more. */
  readonly check: () => void
  /** Calls requests off. */
  readonly signal: AbortSignal
  readonly reconciled: (result: 'success' | 'conflict' | 'error', seconds: number) => void
}

/** A conflict is over as soon as the watch has brought what we did not know. */
const CONFLICT_RETRY_MS = 1000

/** An object is not to blame for an API server out of reach: once that is back, nobody waits for minutes. */
const TRANSIENT_RETRY_MS = 10_000

/**
 * How long a write whose answer got lost may still come into effect. Until then the
 * absence of what it writes proves nothing.
 */
const UNANSWERED_MS = 5_000

/**
 * When to look again after making an object that no watch has shown so far, in seconds.
 * Made and deleted while a watch was cut, and the list that follows tells of neither.
 */
const UNSEEN_SECONDS = 5

/**
 * How long a deletion may be under way, in milliseconds: what the API server allows for a
 * request. It looks for finalizers at the beginning only, so an object that is given one
 * meanwhile goes all the same.
 */
const DELETION_MS = 60_000

/** Brings one object at a time to where its controller wants it. */
export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #log: Logger
  /** When an answer on a key last failed to come, in milliseconds of the process's own clock. */
  readonly #unanswered = new Map<string, number>()
  /** What bears our finalizer, not only as a watch shows it, and from when we know. */
  readonly #held = new Map<string, { readonly uid: string | undefined; readonly at: number }>()
  /** Objects that went although we held them, until their cleanup is done. */
  readonly #lost = new Map<string, KubernetesObject>()

  constructor(options: ReconcilerOptions) {
    this.#options = options
    this.#log = options.log.child({ controller: options.controller.name })
  }

  /**
   * To be told, before its key is processed again, of an object that is gone. One whose
   * deletion began before we held it is cleaned up after as if it were still being deleted.
   */
  gone(object: KubernetesObject): void {
    const { metadata } = object
    const key = keyOfObject(object)
    const held = this.#held.get(key)
    if (!held || held.uid !== metadata.uid || performance.now() - held.at > DELETION_MS) return
    // Whoever took our finalizer off while it was being deleted wanted no cleanup.
    if (metadata.deletionTimestamp) return
    this.#log.info({ key }, 'deleted while it was being held, cleaning up')
    const finalizers = finalizersFor(object, this.#finalizer, 'hold')
    const deletionTimestamp = new Date().toISOString()
    this.#lost.set(key, {
      ...object,
      metadata: { ...metadata, deletionTimestamp, ...(finalizers && { finalizers }) },
    })
  }

  /** Never rejects: what went wrong is logged and counted, and the key comes again. */
  async process(key: string): Promise<Outcome> {
    const found = this.#options.store.byKey(key)
    if (found) this.#lost.delete(key)
    const object = found ?? this.#lost.get(key)
    if (!object) {
      this.#unanswered.delete(key)
      this.#held.delete(key)
      return 'done'
    }
    const startedAt = performance.now()
    const end = (result: 'success' | 'conflict' | 'error') =>
      this.#options.reconciled(result, (performance.now() - startedAt) / 1000)
    try {
      const { requeueAfter } = await this.#reconcile(object)
      end('success')
      return requeueAfter === undefined ? 'done' : { afterMs: requeueAfter * 1000 }
    } catch (error) {
      if (isConflict(error)) {
        // Somebody else wrote first; the watch will show us what.
        this.#log.debug({ key }, 'conflict, trying again')
        end('conflict')
        return { retryWithinMs: CONFLICT_RETRY_MS }
      }
      if (!this.#options.signal.aborted) this.#log.error({ err: error, key }, 'reconcile failed')
      end('error')
      if (isUnanswered(error)) this.#unanswered.set(key, performance.now())
      return isTransient(error) ? { retryWithinMs: TRANSIENT_RETRY_MS } : 'retry'
    }
  }

  async #reconcile(object: KubernetesObject): Promise<Plan> {
    const { controller, sources, client, observations, signal } = this.#options
    const question = controller.observe?.(object)
    const observed = question && (await observations.ask(question))
    const now = new Date()
    const caches = (kind: Kind) => sources(kind).map(({ store }) => store)
    const lookups = controller.lookups?.(object, cachedCluster(caches, now)) ?? []
    const reads = await readLive(client, lookups, sources, { signal })
    const { cluster, looks } = recorded(cachedCluster(caches, now, reads), lookups)
    const plan = controller.reconcile(object, cluster, observed)
    const release =
      plan.finalizer === 'release' && finalizersFor(object, controller.finalizer ?? '', 'release')
    if (!release) return this.#carryOut(plan, object, cluster)
    return this.#release(object, { looks, lookups, observed, now })
  }

  /**
   * Lets an object go only when the API server itself confirms what the plan relies on:
   * what a watch has not brought yet would be left behind for good.
   */
  async #release(
    object: KubernetesObject,
    first: { looks: Looks; lookups: readonly Lookup[]; observed: unknown; now: Date },
  ): Promise<Plan> {
    const { lookups, observed, now } = first
    const { controller, sources, client, signal } = this.#options
    const since = performance.now() - (this.#unanswered.get(keyOfObject(object)) ?? -Infinity)
    if (since < UNANSWERED_MS) return { requeueAfter: (UNANSWERED_MS - since) / 1000 }
    for (let looks = first.looks; ;) {
      const live = recorded(await liveCluster(client, sources, looks, now, { signal }), lookups)
      const plan = controller.reconcile(object, live.cluster, observed)
      if (covers(looks, live.looks)) {
        await this.#carryOut(plan, object, live.cluster)
        // The watch was behind, and may not tell of what was done just now.
        return plan.finalizer === 'release' ? plan : { requeueAfter: 1, ...plan }
      }
      looks = live.looks
    }
  }

  /** The finalizer first, or a crash in between would leave behind what nobody cleans up; the status last, as it tells of the rest. */
  async #carryOut(plan: Plan, seen: KubernetesObject, cluster: Cluster): Promise<Plan> {
    const { applier, effects, controller, client, signal } = this.#options
    let object: KubernetesObject | undefined = seen
    if (plan.finalizer === 'hold') {
      object = await this.#hold(seen, plan)
      // What is made for it now nobody would ever clean up; the watch will tell.
      if (!object) return {}
    }
    for (const removal of plan.delete ?? []) await this.#remove(removal, cluster)
    let unseen = false
    for (const wanted of plan.apply ?? []) {
      const { apiVersion, kind, metadata } = wanted
      const declared = declaredKind(controller, 'patch', { apiVersion, kind, ...metadata })
      this.#options.check()
      unseen ||= this.#isUnseen(declared, metadata)
      let after: KubernetesObject | undefined
      try {
        after = await applier.apply(declared, wanted)
      } catch (error) {
        if (!(error instanceof ApiError) || isConflict(error)) throw error
        const { message, code } = error
        if (!plan.refused || !isForbidden(error)) {
          const told = plan.failed?.({ object: wanted, message, code })
          if (object && told) await this.#report(told, object, cluster.now)
          throw error
        }
        this.#log.warn({ key: keyOfObject(seen), kind, name: metadata.name, message }, 'refused')
        const instead = plan.refused({ object: wanted, message })
        return object ? this.#carryOut(instead, object, cluster) : instead
      }
      if (after && object && after.metadata.uid === object.metadata.uid) object = after
    }
    for (const wanted of plan.replace ?? []) {
      const { apiVersion, kind, metadata } = wanted
      const declared = declaredKind(controller, 'update', { apiVersion, kind, ...metadata })
      this.#options.check()
      await client.replace(declared, wanted, { signal })
    }
    for (const effect of plan.effects ?? []) {
      this.#options.check()
      await effects.run(effect)
    }
    if (object && plan.status) object = await this.#report(plan.status, object, cluster.now)
    if (object && plan.finalizer === 'release') {
      this.#held.delete(keyOfObject(object))
      await this.#finalize(object, 'release')
      this.#lost.delete(keyOfObject(object))
    }
    if (!unseen) return plan
    return { ...plan, requeueAfter: Math.min(plan.requeueAfter ?? Infinity, UNSEEN_SECONDS) }
  }

  /** Whether the plan makes something that is not there as far as we can tell. */
  #makes({ apply = [], effects = [] }: Plan): boolean {
    const { controller } = this.#options
    return (
      effects.length > 0 ||
      apply.some(({ apiVersion, kind, metadata }) =>
        this.#isUnseen(
          declaredKind(controller, 'patch', { apiVersion, kind, ...metadata }),
          metadata,
        ),
      )
    )
  }

  get #finalizer(): string {
    const { name, finalizer } = this.#options.controller
    if (!finalizer) throw new TypeError(`controller ${name} plans a finalizer but declares none`)
    return finalizer
  }

  /** The object as it is with our finalizer on it; undefined where it is gone or cannot have one any more. */
  async #hold(seen: KubernetesObject, plan: Plan): Promise<KubernetesObject | undefined> {
    const key = keyOfObject(seen)
    const { uid } = seen.metadata
    if (this.#lost.get(key) === seen) return seen
    const before = this.#held.get(key)
    const isShown = !finalizersFor(seen, this.#finalizer, 'hold')
    if (isShown && ((before && before.uid === uid) || !this.#makes(plan))) return seen
    // Before the request: the watch may tell of a deletion sooner than the answer is here.
    this.#held.set(key, { uid, at: performance.now() })
    let held: KubernetesObject | undefined
    try {
      held = isShown ? await this.#confirmed(seen) : await this.#finalize(seen, 'hold')
      return held
    } finally {
      if (!held && before) this.#held.set(key, before)
      else if (!held) this.#held.delete(key)
    }
  }

  /**
   * The object, where the API server says too that our finalizer is on it: a watch that is
   * behind may show one that the leader before us has let go.
   */
  async #confirmed(seen: KubernetesObject): Promise<KubernetesObject | undefined> {
    const { controller, client, signal, sources } = this.#options
    const { kind } = controller
    const { name, namespace, uid } = seen.metadata
    const wanted = { kind, name, namespace, part: 'metadata' as const }
    const live = await readOne(client, wanted, { signal }, sources(kind))
    const isHeld =
      live?.metadata.uid === uid && live?.metadata.finalizers?.includes(this.#finalizer)
    return isHeld ? seen : undefined
  }

  /** Whether the object is one that a watch should show and does not. */
  #isUnseen(kind: Kind, { name, namespace }: KubernetesObject['metadata']): boolean {
    const sources = this.#options.sources(kind)
    return sources.length > 0 && sources.every(({ store }) => !store.get(name, namespace))
  }

  async #finalize(
    object: KubernetesObject,
    wish: 'hold' | 'release',
  ): Promise<KubernetesObject | undefined> {
    const { controller, client, fieldManager, signal } = this.#options
    const finalizers = finalizersFor(object, this.#finalizer, wish)
    if (!finalizers) return object
    this.#options.check()
    const { uid, resourceVersion } = object.metadata
    // Of exactly this version: the list is replaced whole, and must not undo what others did to it.
    const patch = { metadata: { uid, resourceVersion, finalizers } }
    return unlessGone(
      client.mergePatch(controller.kind, object.metadata, patch, { fieldManager, signal }),
    )
  }

  async #remove({ kind, name, namespace, uid }: Removal, cluster: Cluster): Promise<void> {
    const { controller, sources, client, signal } = this.#options
    const target = { apiVersion: apiVersionOf(kind), kind: kind.kind, name, namespace }
    declaredKind(controller, 'delete', target)
    const object = sources(kind).length > 0 ? cluster.get(kind, name, namespace) : undefined
    // Going already, or gone as far as we can tell.
    if (sources(kind).length > 0 && (!object || object.metadata.deletionTimestamp)) return
    this.#options.check()
    await client.delete(kind, name, namespace, { uid: uid ?? object?.metadata.uid, signal })
    this.#log.info({ resource: resourceOf(kind), name, namespace }, 'deleted')
  }

  async #report(
    planned: NonNullable<Plan['status']>,
    object: KubernetesObject & { status?: Status },
    now: Date,
  ): Promise<KubernetesObject | undefined> {
    const { controller, client, fieldManager, recorder, signal } = this.#options
    const { metadata } = object
    const status = statusOf(planned, object.status, metadata.generation ?? 0, now)
    if (isReported(status, object.status)) return object
    const { name, namespace, uid, resourceVersion } = metadata
    const body = {
      apiVersion: apiVersionOf(controller.kind),
      kind: controller.kind.kind,
      // Of exactly what was looked at: a status must not outlive what it speaks of.
      metadata: { name, ...(namespace && { namespace }), uid, resourceVersion },
      status,
    }
    this.#options.check()
    const options = { fieldManager, force: true, signal }
    const after = await unlessGone(
      client.applyStatus(controller.kind, body as KubernetesObject, options),
    )
    if (after)
      for (const condition of changedConditions(status, object.status))
        recorder.record(object, condition)
    return after
  }
}

/** Whether what was sent may have come into effect, or may yet. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof KradleError || (error instanceof ApiError && error.code >= 500)

/** Nothing to be done about an object that was deleted meanwhile: the watch will tell. */
async function unlessGone<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
