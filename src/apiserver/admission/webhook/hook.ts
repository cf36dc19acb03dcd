import type { KubernetesObject } from '#src/api/object.ts'
import type { Criteria } from '../match/matches.ts'
import type { MatchRule } from '#src/lib/match/rule.ts'
import type { LabelSelector } from '#src/lib/match/selector.ts'
import { compiled, type Compiled } from '#src/lib/schema/dynamic/compiled.ts'
import { WITH_AUTHORIZER } from '../policy/context.ts'
import type { ClientConfig } from './address.ts'

/** One webhook of a Validating- or MutatingWebhookConfiguration (admissionregistration.k8s.io/v1), with its defaults filled in by the API server. */
interface RawWebhook {
  readonly name: string
  readonly clientConfig: ClientConfig
  readonly rules?: readonly MatchRule[]
  readonly failurePolicy?: string
  readonly namespaceSelector?: LabelSelector
  readonly objectSelector?: LabelSelector
  readonly sideEffects?: string
  readonly timeoutSeconds?: number
  readonly admissionReviewVersions?: readonly string[]
  readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[]
  readonly reinvocationPolicy?: string
}

export interface WebhookConfiguration extends KubernetesObject {
  readonly webhooks?: readonly RawWebhook[]
}

/** A webhook ready to be called. */
export interface Hook {
  readonly name: string
  /** Tells it apart from all others. */
  readonly id: string
  readonly clientConfig: ClientConfig
  readonly criteria: Criteria
  readonly conditions: readonly Compiled[]
  readonly ignoresFailures: boolean
  readonly isSafeOnDryRun: boolean
  readonly timeoutSeconds: number
  readonly reviewVersions: readonly string[]
  /** It wants to see the object again once others have changed it. */
  readonly isReinvocable: boolean
}

/** The webhooks of a configuration, in its order. Never throws. */
export function hooksOf({ metadata, webhooks = [] }: WebhookConfiguration): readonly Hook[] {
  return webhooks.map((webhook, index) => {
    const { name, namespaceSelector, objectSelector, sideEffects = '' } = webhook
    return {
      name,
      id: `${metadata.name}/${name}/${index}`,
      clientConfig: webhook.clientConfig,
      criteria: {
        rules: webhook.rules ?? [],
        ...(namespaceSelector && { namespaceSelector }),
        ...(objectSelector && { objectSelector }),
      },
      conditions: (webhook.matchConditions ?? []).map(({ expression }) =>
        compiled(expression, WITH_AUTHORIZER),
      ),
      ignoresFailures: webhook.failurePolicy === 'Ignore',
      isSafeOnDryRun: sideEffects === 'None' || sideEffects === 'NoneOnDryRun',
      timeoutSeconds: webhook.timeoutSeconds ?? 10,
      reviewVersions: webhook.admissionReviewVersions ?? [],
      isReinvocable: webhook.reinvocationPolicy === 'IfNeeded',
    }
  })
}
