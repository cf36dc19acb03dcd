import { setTimeout as sleep } from 'node:timers/promises'
import { Issue } from '#src/api/activity/v1alpha1.ts'
import { orgNamespace } from '#src/api/names.ts'
import { ApiError, isConflict } from '#src/lib/api-error.ts'
import type { Client } from '#src/lib/client.ts'
import { issue } from './issues.ts'

/** A write that was answered with success. */
export interface Answered {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** namespace/name */
  readonly key: string
  /** Of the answer; '' of a deletion, whose answer names none. */
  readonly version: string
  readonly state: Issue['spec']['state']
  readonly lot: string
}

export interface WriterOptions {
  readonly client: Client
  /** Part of the names of its objects: no two writers write the same. */
  readonly id: number
  /** Of the organisations it writes to. */
  readonly slugs: readonly string[]
  /** So many objects at a time. */
  readonly objects?: number
}

const PATIENCE_MS = 60_000

/** Creates, changes and deletes its own Issues, one write after the other, and keeps a record of what it was answered. */
export class Writer {
  readonly answered: Answered[] = []
  /** Writes of which it is not known whether they happened, by key. */
  readonly doubtful = new Map<string, number>()
  /** What those were answered. */
  readonly failures: Error[] = []
  /** What cannot be, in words. */
  readonly faults: string[] = []
  /** How long writes took that were answered, in ms. */
  readonly ms: number[] = []
  readonly #client: Client
  readonly #objects: readonly { readonly slug: string; readonly name: string }[]
  readonly #there = new Map<string, Issue>()
  #count: number

  constructor({ client, id, slugs, objects = 12 }: WriterOptions) {
    this.#client = client
    this.#count = id
    this.#objects = Array.from({ length: objects }, (_, index) => ({
      slug: slugs[(id + index) % slugs.length]!,
      name: `w${id}-${index}`,
    }))
  }

  /** What it left, as far as it knows: resourceVersion by key. */
  get there(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#there].map(([key, { metadata }]) => [key, metadata.resourceVersion ?? '']),
    )
  }

  /** One write. Where it fails, looks what has become of it before it goes on. */
  async write(): Promise<void> {
    // Everything is done to every object: 7 and 12 have no divisor in common.
    const count = this.#count++
    const { slug, name } = this.#objects[count % this.#objects.length]!
    const key = `${orgNamespace(slug)}/${name}`
    const since = performance.now()
    try {
      await this.#once(slug, name, key, count)
      this.ms.push(performance.now() - since)
    } catch (error) {
      this.failures.push(error as Error)
      // A write that failed before may still have come through afterwards.
      if (isConflict(error) && !this.doubtful.has(key))
        this.faults.push(`${key}: ${(error as Error).message}`)
      const before = this.there[key]
      await this.#look(slug, name, key)
      // Whoever is told to try again may do so without a look.
      const refused = error instanceof ApiError && error.retryAfterSeconds !== undefined
      if (!refused) this.doubtful.set(key, (this.doubtful.get(key) ?? 0) + 1)
      else if (before !== this.there[key] && !this.doubtful.has(key))
        this.faults.push(`${key}: ${error.message}, but it was done`)
    }
  }

  async #once(slug: string, name: string, key: string, count: number): Promise<void> {
    const before = this.#there.get(key)
    const lot = String(count % 5)
    if (!before) {
      const made = await this.#client.create(Issue, issue(slug, name, `made as ${count}`, lot))
      return this.#is(key, 'ADDED', made)
    }
    if (count % 7 === 0) {
      const gone = await this.#client.delete(Issue, name, orgNamespace(slug))
      if (!gone && !this.doubtful.has(key))
        this.faults.push(`${key} was gone before it was deleted`)
      if (gone) this.answered.push({ ...recordOf(key, before), type: 'DELETED', version: '' })
      this.#there.delete(key)
      return
    }
    const spec: Issue['spec'] = {
      ...before.spec,
      title: `written as ${count}`,
      state: count % 2 === 0 ? 'open' : 'closed',
    }
    const target = { name, namespace: orgNamespace(slug) }
    const after =
      count % 3 === 0
        ? await this.#client.mergePatch<Issue>(Issue, target, { spec })
        : await this.#client.replace(Issue, { ...before, spec })
    this.#is(key, 'MODIFIED', after)
  }

  #is(key: string, type: Answered['type'], object: Issue): void {
    this.#there.set(key, object)
    this.answered.push({
      ...recordOf(key, object),
      type,
      version: object.metadata.resourceVersion ?? '',
    })
  }

  async #look(slug: string, name: string, key: string): Promise<void> {
    const until = performance.now() + PATIENCE_MS
    for (;;)
      try {
        const found = await this.#client.get(Issue, name, orgNamespace(slug))
        if (found) this.#there.set(key, found)
        else this.#there.delete(key)
        return
      } catch (error) {
        if (performance.now() > until) throw error
        await sleep(100)
      }
  }
}

const recordOf = (key: string, { spec, metadata }: Issue) => ({
  key,
  state: spec.state,
  lot: metadata.labels?.['lot'] ?? '',
})

/** Lets all of them write at the same time until they have made so many writes, or `over` says so. */
export async function writeAll(
  writers: readonly Writer[],
  writes: number,
  over: () => boolean = () => false,
): Promise<void> {
  let left = writes
  await Promise.all(
    writers.map(async writer => {
      while (left-- > 0 && !over()) await writer.write()
    }),
  )
}
