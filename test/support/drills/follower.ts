import { setTimeout as sleep } from 'node:timers/promises'
import { isExpired } from '#src/lib/api-error.ts'
import type { Client } from '#src/lib/client.ts'
import type { Selection } from '#src/lib/calls.ts'
import type { Kind } from '#src/api/kind.ts'
import type { WatchEvent } from '#src/lib/watch-event.ts'

export interface Seen {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** namespace/name */
  readonly key: string
  readonly version: string
}

/** Watches as a careful client does: whenever a watch ends, it goes on from the last version it was told. */
export class Follower {
  readonly events: Seen[] = []
  /** What no server may do. */
  readonly faults: string[] = []
  /** Watches so far, and those of them that did not end as they should. */
  streams = 0
  broken = 0
  /** Whether one is open. */
  open = false
  readonly selection: Selection
  readonly #client: Client
  readonly #kind: Kind
  readonly #stopped = new AbortController()
  readonly #running: Promise<void>
  #last: bigint

  /** Follows everything after `from`. */
  constructor(client: Client, kind: Kind, from: string, selection: Selection = {}) {
    this.#client = client
    this.#kind = kind
    this.selection = selection
    this.#last = BigInt(from)
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      this.streams++
      try {
        await this.#client.watch(this.#kind, {
          ...this.selection,
          resourceVersion: String(this.#last),
          timeoutSeconds: 600,
          idleMs: 120_000,
          signal,
          onOpen: () => (this.open = true),
          onEvent: event => this.#hear(event),
        })
      } catch (error) {
        if (signal.aborted) return
        this.broken++
        if (isExpired(error)) this.faults.push(`expired at ${this.#last}`)
      }
      this.open = false
      await sleep(100)
    }
  }

  #hear({ type, object: { metadata } }: WatchEvent): void {
    const version = metadata.resourceVersion ?? ''
    const key = `${metadata.namespace}/${metadata.name}`
    if (type === 'BOOKMARK') {
      if (BigInt(version) < this.#last) this.faults.push(`bookmark ${version} after ${this.#last}`)
      this.#last = BigInt(version)
      return
    }
    if (BigInt(version) <= this.#last)
      this.faults.push(`${type} ${key} at ${version} after ${this.#last}`)
    this.#last = BigInt(version)
    this.events.push({ type, key, version })
  }
}
