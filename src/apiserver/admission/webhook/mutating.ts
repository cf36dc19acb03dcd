import { jsonEqual } from '#src/lib/json-diff.ts'
import { isFields } from '#src/lib/schema/structural.ts'
import type { Logger } from '#src/lib/log.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { applyPatch, type Operation } from '../../write/json-patch.ts'
import type { Attributes } from '../admission.ts'
import type { NamespaceOf } from '../match/matches.ts'
import type { Context } from '../policy/context.ts'
import { internalError } from '../refusal.ts'
import { callHook, CallingFailed } from './call.ts'
import type { Hook } from './hook.ts'
import { isRelevant } from './relevance.ts'
import type { Verdict } from './review.ts'
import type { WebhookTransport } from './transport.ts'

export interface Mutating {
  readonly transport: WebhookTransport
  readonly log: Logger
  /** Makes an object of what came out as the schema wants it. */
  readonly reconsider: (object: UnknownObject) => UnknownObject
  readonly contextOf: (attributes: Attributes) => Context
}

/** Which webhooks have been asked, and which of them want to be asked again (reinvocationPolicy). */
export class Rounds {
  readonly #invoked = new Set<string>()
  readonly #again = new Set<string>()
  #hasChanged = false
  #isSecond = false

  /** Whether any webhook has changed the object. */
  get hasChanged(): boolean {
    return this.#hasChanged
  }

  /** Some webhook, or Kradle itself, changed the object after they had seen it. */
  changed(): void {
    this.#hasChanged = true
    for (const id of this.#invoked) this.#again.add(id)
    this.#invoked.clear()
  }

  invoked({ id, isReinvocable }: Hook): void {
    if (isReinvocable) this.#invoked.add(id)
  }

  /** From now on those alone are asked who want to be asked again; others may come to want it meanwhile. */
  beginSecond(): void {
    this.#isSecond = true
  }

  get isSecond(): boolean {
    return this.#isSecond
  }

  wantsAgain({ id }: Hook): boolean {
    return this.#again.has(id)
  }
}

/**
 * Asks the mutating webhooks that are for this write, one after the other, each about what the one before has made of it.
 * The object as it goes on, undefined on DELETE. Throws StatusError where one denies or cannot be asked.
 */
export async function askMutatingWebhooks(
  hooks: readonly Hook[],
  attributes: Attributes,
  namespaceOf: NamespaceOf,
  rounds: Rounds,
  mutating: Mutating,
): Promise<UnknownObject | undefined> {
  let current = attributes
  let context = mutating.contextOf(current)
  for (const hook of hooks) {
    if (rounds.isSecond && !rounds.wantsAgain(hook)) continue
    if (!(await isRelevant(hook, context, namespaceOf))) continue
    const object = await ask(hook, current, mutating)
    if (object !== current.object) {
      if (!jsonEqual(object, current.object)) rounds.changed()
      current = { ...current, object: mutating.reconsider(object!) }
      context = mutating.contextOf(current)
    }
    rounds.invoked(hook)
  }
  return current.object
}

async function ask(
  hook: Hook,
  attributes: Attributes,
  { transport, log }: Mutating,
): Promise<UnknownObject | undefined> {
  try {
    const verdict = await callHook(hook, attributes, transport, true)
    const operations = operationsOf(hook, verdict)
    if (operations.length === 0) return attributes.object
    if (!attributes.object)
      throw internalError(
        `admission webhook ${JSON.stringify(hook.name)} attempted to modify the object, which is not supported for this operation`,
      )
    return patched(attributes.object, operations)
  } catch (error) {
    if (!(error instanceof CallingFailed)) throw error
    log.warn(
      { webhook: hook.id, reason: error.message, ignored: hook.ignoresFailures },
      'webhook call failed',
    )
    if (hook.ignoresFailures) return attributes.object
    throw internalError(error.message)
  }
}

function operationsOf(hook: Hook, { patch, patchType }: Verdict): readonly Operation[] {
  if (patch === '') return []
  let operations: unknown
  try {
    operations = JSON.parse(patch)
  } catch (error) {
    throw new CallingFailed(
      hook,
      `received undecodable patch in webhook response: ${(error as Error).message}`,
    )
  }
  if (operations === null) return []
  if (!Array.isArray(operations))
    throw new CallingFailed(
      hook,
      'received undecodable patch in webhook response: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    )
  if (operations.length > 0 && patchType !== 'JSONPatch')
    throw new CallingFailed(hook, `unsupported patch type ${JSON.stringify(patchType)}`)
  return operations as Operation[]
}

function patched(object: UnknownObject, operations: readonly Operation[]): UnknownObject {
  const result = attempted(() => applyPatch(object, operations))
  if (!isFields(result) || !isFields(result['metadata']))
    throw internalError('the patch of a webhook leaves no object')
  return result as unknown as UnknownObject
}

function attempted<T>(apply: () => T): T {
  try {
    return apply()
  } catch (error) {
    throw internalError((error as Error).message)
  }
}
