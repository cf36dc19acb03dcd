import type {
  AgentConfigGrant,
  AgentRoleBinding,
  AgentSecretGrant,
} from '#src/api/identity/v1alpha1.ts'
import { slugOfNamespace } from '#src/api/names.ts'
import { normalizeName } from '#src/lib/names.ts'
import type { Consumer } from './consumer.ts'
import type { Source, Way } from './pod-references.ts'

/** What a grant is asked for. */
export interface Wanted {
  readonly source: Source
  readonly name: string
  /** Empty where nobody knows yet; such a grant grants nothing until they are filled in. */
  readonly keys: readonly string[]
  readonly way: Way | undefined
  readonly purpose: string | undefined
  /** The name the grant has to have; made up where it is free. */
  readonly grantName?: string
}

/**
 * The narrowest grant that would do, as one line of JSON for `kubectl apply -f -`; undefined
 * where none can be written, because a name does not fit the definition. What a tenant wrote
 * stands in it only where it fits: the line is made to be pasted into a shell.
 */
export function grantManifest(wanted: Wanted, consumer: Consumer): string | undefined {
  const { source, name, keys, way, purpose = 'workload' } = wanted
  const { namespace, account, facts, isAgent, isUntrusted } = consumer
  const slug = slugOfNamespace(namespace)
  const { stack, repository } = isAgent ? facts : noFacts
  const fits =
    slug !== undefined &&
    isName(slug) &&
    isName(account) &&
    isSubdomain(name) &&
    keys.every(isKey) &&
    isPurpose(purpose) &&
    [stack, repository, wanted.grantName].every(fact => fact === undefined || isName(fact))
  if (!fits) return undefined

  const metadata = { name: wanted.grantName ?? nameFor(account, wanted), namespace }
  const common = {
    organizationRef: slug,
    subject: isAgent
      ? { kind: 'agent-stack' as const, name: stack ?? account }
      : { kind: 'runner' as const, name: account },
    serviceAccountRef: account,
  }
  const rest = {
    purpose,
    ...(repository !== undefined && { allowedRepositories: [repository] }),
    ...((way === 'env' || way === 'file') && { mountPolicy: way }),
    requiredApproval: isUntrusted ? ('on-untrusted-ref' as const) : ('never' as const),
  }
  const target = { name, keys: [...keys] }
  const grant: AgentSecretGrant | AgentConfigGrant =
    source === 'secret'
      ? {
          apiVersion: 'kradle.a5c.ai/v1alpha1',
          kind: 'AgentSecretGrant',
          metadata,
          spec: { ...common, secretRef: target, ...rest },
        }
      : {
          apiVersion: 'kradle.a5c.ai/v1alpha1',
          kind: 'AgentConfigGrant',
          metadata,
          spec: { ...common, configMapRef: target, ...rest },
        }
  return JSON.stringify(grant)
}

const noFacts = { stack: undefined, repository: undefined }

/** A role binding of this name for an account, with the least of the role templates; undefined where a name does not fit. */
export function roleBindingManifest(name: string, account: string, namespace: string) {
  const slug = slugOfNamespace(namespace)
  if (slug === undefined || ![slug, name, account].every(isName)) return undefined
  const binding: AgentRoleBinding = {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'AgentRoleBinding',
    metadata: { name, namespace },
    spec: {
      organizationRef: slug,
      subject: { kind: 'agent-service-account', name: account },
      roleRef: { kind: 'RoleTemplate', name: 'readonly' },
      scope: { kind: 'organization' },
    },
  }
  return JSON.stringify(binding)
}

const isName = (value: string): boolean => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)
const isSubdomain = (value: string): boolean =>
  value.length <= 253 && /^[a-z0-9][-a-z0-9.]*$/.test(value) && /[a-z0-9]$/.test(value)
const isKey = (value: string): boolean => value.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(value)
const isPurpose = (value: string): boolean =>
  value.length <= 63 && /^[a-z0-9][a-z0-9.:_-]*$/.test(value) && /[a-z0-9]$/.test(value)

/**
 * A name that is the same whenever the same is asked for, and another for anything else:
 * who applies the line twice changes nothing, and no two lines overwrite each other.
 */
function nameFor(account: string, { source, name, keys, way }: Wanted): string {
  const readable = normalizeName([account, name, ...keys].join('-'))
    .replace(/-{2,}/g, '-')
    .slice(0, 55)
  const sum = checksum([source, account, name, way, ...keys].join('/'))
  return `${readable.replace(/-+$/, '')}-${sum}`
}

/** FNV-1a, 32 bits: not against anybody, only to tell names apart. */
function checksum(text: string): string {
  let sum = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193) >>> 0
  return sum.toString(36)
}
