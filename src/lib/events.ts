import { Event } from '#src/api/core/v1.ts'
import type { Condition, KubernetesObject } from '#src/api/object.ts'
import { isConflict } from './api-error.ts'
import type { Client } from './client.ts'
import { eventOf } from './event.ts'
import type { Logger } from './log.ts'

/** More than this waiting means that the API server is busy with worse. */
const LONGEST_QUEUE = 1000

export interface RecorderOptions {
  readonly client: Client
  readonly log: Logger
  /** The Deployment. */
  readonly component: string
  /** The process. */
  readonly instance: string
  /** Told of each one that nobody will see. */
  readonly onDropped?: () => void
}

/** Tells people who run `kubectl describe` what happened. Never holds anybody up, and may lose something. */
export class EventRecorder {
  readonly #options: RecorderOptions
  readonly #queue: Event[] = []
  #sending: Promise<void> | undefined

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  /** Says that a condition has changed. */
  record(object: KubernetesObject, condition: Condition): void {
    if (this.#queue.length >= LONGEST_QUEUE) return this.#options.onDropped?.()
    const { component, instance } = this.#options
    this.#queue.push(eventOf(object, condition, { component, instance, now: new Date() }))
    this.#sending ??= this.#send()
  }

  /** Resolves when everything recorded so far was tried once. */
  async flush(): Promise<void> {
    await this.#sending
  }

  async #send(): Promise<void> {
    // Within one reconcile several may come; the first must not be sent before the caller goes on.
    await Promise.resolve()
    for (let event = this.#queue.shift(); event; event = this.#queue.shift()) {
      try {
        await this.#sendOne(event)
      } catch (error) {
        this.#options.log.debug({ err: error }, 'event not recorded')
        this.#options.onDropped?.()
      }
    }
    this.#sending = undefined
  }

  async #sendOne(event: Event): Promise<void> {
    const { client } = this.#options
    try {
      await client.create(Event, event)
    } catch (error) {
      if (!isConflict(error)) throw error
      const { lastTimestamp, metadata } = event
      const target = { name: metadata.name, namespace: metadata.namespace }
      // Answered with the count so far, which takes no right to read what others recorded.
      const { count = 0 } = await client.mergePatch(Event, target, { lastTimestamp })
      await client.mergePatch(Event, target, { count: count + 1 })
    }
  }
}
