import { hostname } from 'node:os'
import { randomUUID } from 'node:crypto'
import { Lease } from '#src/api/coordination/v1.ts'
import { isConflict } from './api-error.ts'
import type { Client } from './client.ts'
import { sleep, systemClock, type Clock } from './clock.ts'
import { KradleError } from './errors.ts'
import { claimed, freshLease, mayTake, observe, released, type Observation } from './lease.ts'
import type { Logger } from './log.ts'

/** In milliseconds. Others take over `leaseMs` after the last renewal; we give up before that. */
export interface LeaseTiming {
  readonly leaseMs: number
  readonly renewDeadlineMs: number
  readonly retryMs: number
}

export const LEASE_TIMING: LeaseTiming = Object.freeze({
  leaseMs: 15_000,
  renewDeadlineMs: 10_000,
  retryMs: 2000,
})

export interface LeaderOptions {
  readonly client: Client
  readonly log: Logger
  readonly name: string
  readonly namespace: string
  /** Different for every process there ever was. */
  readonly identity?: string
  readonly timing?: LeaseTiming
  readonly clock?: Clock
}

/** Sees to it that one process at a time does the work, by a Lease that it renews for as long as it lives. */
export class Leader {
  readonly identity: string
  /** Rejects with LeaseLost as soon as nothing more may be written; never resolves. */
  readonly lost: Promise<never>

  readonly #options: LeaderOptions
  readonly #timing: LeaseTiming
  readonly #clock: Clock
  readonly #stopped = new AbortController()
  readonly #reject: (error: Error) => void
  #lease: Lease | undefined
  #seen: Observation | undefined
  #renewedAt = Number.NEGATIVE_INFINITY
  #over = false
  #renewing: Promise<void> | undefined

  constructor(options: LeaderOptions) {
    this.#options = options
    this.#timing = options.timing ?? LEASE_TIMING
    this.#clock = options.clock ?? systemClock
    this.identity = options.identity ?? `${hostname()}_${randomUUID()}`
    const { promise, reject } = Promise.withResolvers<never>()
    // Somebody may only look at it later.
    promise.catch(() => {})
    this.lost = promise
    this.#reject = reject
  }

  /** Whether nobody else can hold the Lease at this moment. */
  get leading(): boolean {
    return !this.#over && this.#clock.now() - this.#renewedAt < this.#timing.leaseMs
  }

  /** Waits until the Lease is ours, and keeps it from then on. Resolves to false where the signal came first. */
  async acquire(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (await this.#try(signal)) {
        this.#options.log.info({ identity: this.identity }, 'became leader')
        this.#renewing = this.#renew()
        return true
      }
      await sleep(this.#pause(), signal, this.#clock)
    }
    return false
  }

  /** Throws LeaseLost where another process may be at work. */
  check(): void {
    if (!this.leading) throw lost('the Lease was not renewed in time')
  }

  /** Lets others take over at once. To be called when nothing is being written any more. */
  async release(): Promise<void> {
    this.#over = true
    this.#stopped.abort()
    await this.#renewing
    if (!this.#lease || this.#lease.spec?.holderIdentity !== this.identity) return
    try {
      await this.#options.client.replace(Lease, released(this.#lease, new Date()), {
        timeoutMs: this.#timing.retryMs,
      })
    } catch (error) {
      // The next leader then has to wait until the Lease expires, no more.
      this.#options.log.debug({ err: error }, 'lease could not be released')
    }
  }

  async #try(signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#take(this.#timing.renewDeadlineMs, signal)
    } catch (error) {
      if (!signal.aborted && !isConflict(error))
        this.#options.log.warn({ err: error }, 'lease could not be read or taken')
      return false
    }
  }

  /** Looks at the Lease and takes it where it is free. Rejects with the client's errors. */
  async #take(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const { client, name, namespace } = this.#options
    const call = { timeoutMs, ...(signal && { signal }) }
    const lease = await client.get(Lease, name, namespace, call)
    if (lease) {
      this.#seen = observe(this.#seen, lease, this.#clock.now())
      if (!mayTake(this.#seen, this.identity, this.#clock.now())) return false
    }
    await this.#write(lease ?? freshLease(name, namespace), call)
    return true
  }

  async #write(lease: Lease, call: { timeoutMs: number; signal?: AbortSignal }): Promise<void> {
    const { client } = this.#options
    // From before the request: by the time of the answer, others may count from earlier.
    const sentAt = this.#clock.now()
    const ours = claimed(lease, this.identity, this.#timing.leaseMs / 1000, new Date())
    this.#lease = lease.metadata.resourceVersion
      ? await client.replace(Lease, ours, call)
      : await client.create(Lease, ours, call)
    this.#renewedAt = sentAt
  }

  async #renew(): Promise<void> {
    const { signal } = this.#stopped
    for (;;) {
      await sleep(this.#pause(), signal, this.#clock)
      if (signal.aborted) return
      const problem = await this.#renewOnce()
      if (!problem) continue
      const late = this.#clock.now() - this.#renewedAt >= this.#timing.renewDeadlineMs
      if (late || (problem instanceof KradleError && problem.code === 'LeaseLost')) {
        this.#over = true
        this.#reject(lost(late ? 'the Lease was not renewed in time' : problem.message, problem))
        return
      }
      this.#options.log.warn({ err: problem }, 'lease could not be renewed')
    }
  }

  /** What came in between, if anything. */
  async #renewOnce(): Promise<Error | undefined> {
    const left = this.#renewedAt + this.#timing.renewDeadlineMs - this.#clock.now()
    const timeoutMs = Math.max(left, this.#timing.retryMs)
    try {
      await this.#write(this.#lease as Lease, { timeoutMs })
      return undefined
    } catch (error) {
      if (!isConflict(error)) return error as Error
    }
    // Somebody wrote to the Lease: it may still be ours, with another label.
    try {
      const lease = await this.#options.client.get(
        Lease,
        this.#options.name,
        this.#options.namespace,
        { timeoutMs },
      )
      if (!lease) return undefined
      if (lease.spec?.holderIdentity !== this.identity)
        return lost(`the Lease is held by ${lease.spec?.holderIdentity || 'nobody'}`)
      await this.#write(lease, { timeoutMs })
      return undefined
    } catch (error) {
      return error as Error
    }
  }

  /** Milliseconds to the next try, spread out so that two who wait do not meet every time. */
  #pause(): number {
    return this.#timing.retryMs * (1 + Math.random() / 5)
  }
}

const lost = (message: string, cause?: Error): KradleError =>
  new KradleError('LeaseLost', message, { cause })
