import type { Namespace } from '#src/api/core/v1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { jsonEqual } from '#src/lib/json-diff.ts'
import type { Logger } from '#src/lib/log.ts'
import type { ReviewAccess } from './access.ts'
import type { Admission, Attributes } from './admission.ts'
import type { Configurations } from './configurations.ts'
import type { NamespaceOf } from './match/matches.ts'
import { checkNamespace } from './namespace-lifecycle.ts'
import type { Namespaces } from './namespaces.ts'
import { askOwnRules, fillIn, type OwnRules } from './own-rules.ts'
import { Context } from './policy/context.ts'
import { checkOwners } from './owners.ts'
import { askMutatingPolicies, askValidatingPolicies } from './policy/dispatch.ts'
import { timedOut } from './refusal.ts'
import { askMutatingWebhooks, Rounds, type Mutating } from './webhook/mutating.ts'
import type { WebhookTransport } from './webhook/transport.ts'
import { askValidatingWebhooks } from './webhook/validating.ts'

/** What decisions stand on. */
export interface Links {
  /** What the cluster wants to be asked; throws StatusError 503 while nobody knows. */
  readonly ready: () => Promise<Configurations>
  readonly namespaces: Namespaces
  readonly own: OwnRules | undefined
  readonly reviewAccess: ReviewAccess
  readonly transport: WebhookTransport
  readonly log: Logger
}

/** Everything that decides on writes, in the order of kube-apiserver. */
export function chainOf(links: Links): Admission {
  const { ready, namespaces, own, reviewAccess, transport, log } = links
  const contextOf = (attributes: Attributes): Context => new Context(attributes, reviewAccess)

  const mutate = async (
    attributes: Attributes,
    reconsider: (object: UnknownObject) => UnknownObject,
  ): Promise<UnknownObject | undefined> => {
    const current = await ready()
    await checkNamespace(attributes, namespaces)
    const namespaceOf = namespaceOfWrite(attributes, namespaces)
    const filled = async (object: UnknownObject | undefined) =>
      object && own ? await fillIn(own, { ...attributes, object }) : object
    const mutating: Mutating = { transport, log, reconsider, contextOf }
    const rounds = new Rounds()
    const ask = (object: UnknownObject | undefined) =>
      askMutatingWebhooks(
        current.mutatingWebhooks,
        { ...attributes, object },
        namespaceOf,
        rounds,
        mutating,
      )

    const object = await filled(attributes.object)
    await askMutatingPolicies(
      current.mutatingPolicies,
      contextOf({ ...attributes, object }),
      namespaceOf,
    )
    const changed = await ask(object)
    if (!rounds.hasChanged) return changed
    // Once more, and only once: what was changed may need Kradle's part again, and webhooks may want to see it.
    const again = await filled(changed)
    if (!jsonEqual(again, changed)) rounds.changed()
    rounds.beginSecond()
    return ask(again)
  }

  const validate = async (attributes: Attributes): Promise<void> => {
    if (attributes.operation === 'DELETE') await mutate(attributes, object => object)
    const current = await ready()
    await checkOwners(attributes, reviewAccess)
    if (own) await askOwnRules(own, attributes)
    const context = contextOf(attributes)
    const namespaceOf = namespaceOfWrite(attributes, namespaces)
    await askValidatingPolicies(current.validatingPolicies, context, namespaceOf)
    await askValidatingWebhooks(current.validatingWebhooks, context, namespaceOf, {
      transport,
      log,
    })
  }

  return {
    mutate: (attributes, reconsider) =>
      inTime(attributes, async () => (await mutate(attributes, reconsider))!),
    validate: attributes => inTime(attributes, () => validate(attributes)),
  }
}

/** Reads the namespace of a write once, however many ask. */
function namespaceOfWrite({ namespace, signal }: Attributes, namespaces: Namespaces): NamespaceOf {
  let found: Promise<Namespace | undefined> | undefined
  return () => (found ??= namespaces.get(namespace, signal))
}

/** Whatever fails because the request is over says so. */
async function inTime<T>({ signal }: Attributes, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw signal.aborted ? timedOut() : error
  }
}
