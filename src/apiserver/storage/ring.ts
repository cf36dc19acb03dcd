import type { FedEvent } from './fed-event.ts'
import { compareVersions } from './versions.ts'

/** The latest events of all resources, as many as fit. */
export class Ring {
  readonly #most: number
  #start: string
  #events: FedEvent[] = []
  /** Where the first one is: those before have gone, their places not yet. */
  #first = 0
  #bytes = 0

  /** Empty, but complete after `start`; holds `most` bytes, and one event at least. */
  constructor(start: string, most: number) {
    this.#start = start
    this.#most = most
  }

  /** Everything after this version is in here. */
  get start(): string {
    return this.#start
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#events.length - this.#first
  }

  /** Adds the next one. */
  push(event: FedEvent): void {
    this.#events.push(event)
    this.#bytes += event.bytes
    while (this.#bytes > this.#most && this.size > 1) {
      const gone = this.#events[this.#first++]!
      this.#bytes -= gone.bytes
      this.#start = gone.resourceVersion
    }
    // Half of it empty: moving the rest costs no more than filling it did.
    if (this.#first > this.size) {
      this.#events = this.#events.slice(this.#first)
      this.#first = 0
    }
  }

  /** Those after a version that is not before `start`, in order. */
  after(version: string): readonly FedEvent[] {
    let low = this.#first
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareVersions(this.#events[middle]!.resourceVersion, version) > 0) high = middle
      else low = middle + 1
    }
    return this.#events.slice(low)
  }
}
