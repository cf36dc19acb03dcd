import type { WebhookConfiguration } from '#src/api/admissionregistration/v1.ts'
import { ORG_NAMESPACE_PREFIX, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { KradleError } from '#src/lib/errors.ts'

/** How strict the operator wants the shipped admission objects to be; what is not named is as shipped. */
export interface Strictness {
  /** By the name of the webhook. */
  readonly failurePolicies: ReadonlyMap<string, 'Fail' | 'Ignore'>
  /** By the name of the webhook. */
  readonly timeoutSeconds: ReadonlyMap<string, number>
  /** Namespaces in which nothing is judged but Kradle's own kinds. */
  readonly exempt: readonly string[]
}

/** As shipped. */
export const AS_SHIPPED: Strictness = Object.freeze({
  failurePolicies: new Map(),
  timeoutSeconds: new Map(),
  exempt: [],
})

/**
 * The same by the flags `--failure-policy <webhook>=Fail|Ignore`, `--timeout-seconds <webhook>=<1-30>` and
 * `--exempt-namespace <name>`, of which each may be given again and again. Throws InvalidFlag.
 */
export function strictnessOf(
  flags: {
    readonly 'failure-policy': readonly string[]
    readonly 'timeout-seconds': readonly string[]
    readonly 'exempt-namespace': readonly string[]
  },
  shipped: readonly KubernetesObject[],
): Strictness {
  const known = shipped
    .flatMap(object => (object as WebhookConfiguration).webhooks ?? [])
    .map(({ name }) => name)
  const ofWebhooks = <V>(flag: keyof typeof flags, read: (value: string) => V | undefined) =>
    new Map(flags[flag].map(setting => byWebhook(flag, setting, known, read)))
  return {
    failurePolicies: ofWebhooks('failure-policy', value =>
      value === 'Fail' || value === 'Ignore' ? value : undefined,
    ),
    timeoutSeconds: ofWebhooks('timeout-seconds', value =>
      /^([1-9]|[12][0-9]|30)$/.test(value) ? Number(value) : undefined,
    ),
    exempt: [...new Set(flags['exempt-namespace'].map(exemptable))].toSorted(),
  }
}

const FORMS = {
  'failure-policy': '<webhook>=Fail or <webhook>=Ignore',
  'timeout-seconds': '<webhook>=<1 to 30>',
  'exempt-namespace': '<name>',
} as const

function byWebhook<V>(
  flag: keyof typeof FORMS,
  setting: string,
  known: readonly string[],
  read: (value: string) => V | undefined,
): readonly [string, V] {
  const [name = '', text = '', ...rest] = setting.split('=')
  const value = rest.length > 0 ? undefined : read(text)
  if (value === undefined) throw invalid(flag, setting, `must be ${FORMS[flag]}`)
  // A misspelt one would leave the webhook as strict or as lenient as it was, and nobody would notice.
  if (!known.includes(name)) throw invalid(flag, setting, `the webhooks are ${known.join(', ')}`)
  return [name, value]
}

/** A namespace in which nothing has to be judged. */
function exemptable(name: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
    throw invalid('exempt-namespace', name, 'must be the name of a namespace')
  if (name === PLATFORM_NAMESPACE)
    throw invalid('exempt-namespace', name, 'decides on all others, and cannot be exempt')
  if (name.startsWith(ORG_NAMESPACE_PREFIX))
    throw invalid(
      'exempt-namespace',
      name,
      'is the namespace of an organisation, and cannot be exempt; a policy can, by a PolicyExceptionRequest',
    )
  return name
}

const invalid = (flag: string, value: string, what: string): KradleError =>
  new KradleError('InvalidFlag', `--${flag} ${value}: ${what}`)
