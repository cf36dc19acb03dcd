import type { Resource } from '../resource.ts'
import type { Scope } from './event-query.ts'
import type { FedEvent } from './fed-event.ts'
import type { Subscriber } from './store.ts'
import { compareVersions } from './versions.ts'

/** One who wants the events of a scope, and how far he has been told. */
export class Listener {
  readonly resource: Resource
  readonly scope: Scope
  readonly #subscriber: Subscriber
  readonly #onFailure: (error: unknown) => void
  #told: string
  #over = false

  /** `onFailure` hears of what the subscriber throws, who is told nothing any more after that. */
  constructor(
    resource: Resource,
    scope: Scope,
    from: string,
    subscriber: Subscriber,
    onFailure: (error: unknown) => void = () => {},
  ) {
    this.resource = resource
    this.scope = scope
    this.#told = from
    this.#subscriber = subscriber
    this.#onFailure = onFailure
  }

  /** Up to which version he knows everything. */
  get told(): string {
    return this.#told
  }

  /** Nothing is told any more. */
  get over(): boolean {
    return this.#over
  }

  wants({ resource, namespace, name }: FedEvent): boolean {
    const { scope } = this
    return (
      resource === this.resource.kind.plural &&
      (scope.namespace === undefined || scope.namespace === namespace) &&
      (scope.name === undefined || scope.name === name)
    )
  }

  /** Tells him, unless he knows. */
  tell(event: FedEvent): void {
    if (this.#over || compareVersions(event.resourceVersion, this.#told) <= 0) return
    this.#told = event.resourceVersion
    this.#safely(() => this.#subscriber.event(event.told(this.resource)))
  }

  progress(version: string): void {
    if (this.#over || compareVersions(version, this.#told) <= 0) return
    this.#told = version
    this.#safely(() => this.#subscriber.progress(version))
  }

  end(why: 'expired' | 'unavailable'): void {
    if (this.#over) return
    this.#over = true
    this.#safely(() => this.#subscriber.end(why))
  }

  /** Resolves once he can be told more of what is past; ends it where he cannot. */
  async taken(): Promise<void> {
    if (this.#over || !this.#subscriber.taken) return
    try {
      if (await this.#subscriber.taken()) return
    } catch (error) {
      this.#onFailure(error)
    }
    this.#over = true
  }

  stop(): void {
    this.#over = true
  }

  /** One who fails may not keep the others from being told. */
  #safely(tell: () => void): void {
    try {
      tell()
    } catch (error) {
      this.#over = true
      this.#onFailure(error)
    }
  }
}

/** No namespace and no object is called that. */
const ANY = '*'

const keyOf = (resource: string, { namespace = ANY, name = ANY }: Scope): string =>
  `${resource}/${namespace}/${name}`

/** Listeners, found by what they listen to: an event costs those whom it concerns. */
export class Listeners {
  readonly #byScope = new Map<string, Set<Listener>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(listener: Listener): void {
    const key = keyOf(listener.resource.kind.plural, listener.scope)
    const set = this.#byScope.get(key)
    if (set) set.add(listener)
    else this.#byScope.set(key, new Set([listener]))
    this.#size += 1
  }

  remove(listener: Listener): void {
    const key = keyOf(listener.resource.kind.plural, listener.scope)
    const set = this.#byScope.get(key)
    if (!set?.delete(listener)) return
    this.#size -= 1
    if (set.size === 0) this.#byScope.delete(key)
  }

  /** A copy: whoever is told may leave. */
  of({ resource, namespace, name }: FedEvent): Listener[] {
    const scopes = [{}, { namespace }, { name }, { namespace, name }]
    return scopes.flatMap(scope => [...(this.#byScope.get(keyOf(resource, scope)) ?? [])])
  }

  all(): Listener[] {
    return [...this.#byScope.values()].flatMap(set => [...set])
  }
}
