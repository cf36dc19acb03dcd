import {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '#src/api/admissionregistration/v1.ts'
import { Namespace, ResourceQuota } from '#src/api/core/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Client } from '#src/lib/client.ts'
import type { Logger } from '#src/lib/log.ts'
import { Reflector } from '#src/lib/reflector.ts'
import { configurationsOf, type Configurations, type Lists } from './configurations.ts'
import { notReady } from './refusal.ts'

const KINDS: Readonly<Record<keyof Lists, Kind>> = {
  mutatingWebhookConfigurations: MutatingWebhookConfiguration,
  validatingWebhookConfigurations: ValidatingWebhookConfiguration,
  validatingPolicies: ValidatingAdmissionPolicy,
  validatingBindings: ValidatingAdmissionPolicyBinding,
  mutatingPolicies: MutatingAdmissionPolicy,
  mutatingBindings: MutatingAdmissionPolicyBinding,
}

/** What is watched besides namespaces. */
export const CONFIGURATION_KINDS: readonly Kind[] = Object.values(KINDS)

/** Not every cluster that Kradle runs on has them. */
const OPTIONAL: readonly Kind[] = [MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding]

/** Watches the cluster's admission configurations, its namespaces and what they may hold. */
export class ConfigurationWatch {
  readonly reflectors: readonly Reflector[]
  readonly namespaces: Reflector<Namespace>
  readonly quotas: Reflector<ResourceQuota>
  readonly #configurations: readonly (readonly [keyof Lists, Reflector])[]
  #kept: { readonly of: readonly unknown[]; readonly value: Configurations } | undefined

  constructor(client: Client, log: Logger) {
    const reflect = <T extends KubernetesObject>(kind: Kind<T>, optional = false) =>
      new Reflector<T>({ client, kind, log, ...(optional && { whenAbsent: 'empty' as const }) })
    this.namespaces = reflect(Namespace)
    this.quotas = reflect(ResourceQuota)
    this.#configurations = (Object.entries(KINDS) as [keyof Lists, Kind][]).map(
      ([list, kind]) => [list, reflect(kind, OPTIONAL.includes(kind))] as const,
    )
    this.reflectors = [
      this.namespaces,
      this.quotas,
      ...this.#configurations.map(([, reflector]) => reflector),
    ]
  }

  start(): void {
    for (const reflector of this.reflectors) reflector.start()
  }

  /** Rejects with an AbortError where `stop` comes first. */
  async synced(): Promise<void> {
    await Promise.all(this.reflectors.map(reflector => reflector.synced()))
  }

  async stop(): Promise<void> {
    await Promise.all(this.reflectors.map(reflector => reflector.stop()))
  }

  /** As last seen, once everything has been; throws StatusError 503 where that takes longer than so many milliseconds. */
  async ready(waitMs: number): Promise<Configurations> {
    if (!this.#hasSynced) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, waitMs)
      // A watch that was stopped is as good as one that never comes.
      await Promise.race([this.synced().catch(() => promise), promise])
      clearTimeout(timer)
      if (!this.#hasSynced) throw notReady()
    }
    return this.current
  }

  /** As last seen; the same until something changes. */
  get current(): Configurations {
    const lists = this.#configurations.map(([name, { store }]) => [name, store.list()] as const)
    const kept = this.#kept
    if (kept && lists.every(([, list], index) => list === kept.of[index])) return kept.value
    const value = configurationsOf(
      Object.fromEntries(lists) as Record<keyof Lists, readonly KubernetesObject[]>,
    )
    this.#kept = { of: lists.map(([, list]) => list), value }
    return value
  }

  get #hasSynced(): boolean {
    return this.reflectors.every(({ hasSynced }) => hasSynced)
  }
}
