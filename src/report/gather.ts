import { apiVersionOf, resourceOf, type Kind } from '#src/api/kind.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import { PolicyBinding, PolicyExceptionRequest, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { PolicyReport, Report } from '#src/api/policy-reports.ts'
import { isForbidden, isNotFound } from '#src/lib/api-error.ts'
import type { Client } from '#src/lib/client.ts'
import { judgedKinds } from '#src/policy/kinds.ts'
import type { Line } from './line.ts'

/** Everything that a report is made of. */
export interface Gathered {
  readonly reports: readonly Report[]
  readonly bindings: readonly PolicyBinding[]
  readonly templates: readonly PolicyTemplate[]
  readonly requests: readonly PolicyExceptionRequest[]
}

/** Why there is nothing to report on; the message says what to do. */
export class Unreadable extends Error {
  readonly code = 'Unreadable'
}

/**
 * Reads it with the rights of whoever asks, of one namespace or of all. Rejects where reports may not be read, or nobody serves
 * any: a report of nothing would look as if all were well.
 */
export async function gather(client: Client, namespace: string | undefined): Promise<Gathered> {
  const list = async <T extends KubernetesObject>(
    kind: Kind<T>,
    home = namespace,
  ): Promise<readonly T[] | undefined> => {
    try {
      return (await client.list(kind, { namespace: home })).items
    } catch (error) {
      if (isNotFound(error)) return undefined
      if (!isForbidden(error)) throw error
      throw new Unreadable(
        `you may not list ${resourceOf(kind)}${home === undefined ? ' of all namespaces; give --org or --namespace' : ` in namespace "${home}"`}`,
      )
    }
  }
  const [older, newer, bindings, own, platforms, requests] = await Promise.all([
    list(PolicyReport),
    list(Report),
    list(PolicyBinding),
    list(PolicyTemplate),
    // Not everybody may look there; what is of the platform then goes without its remediation.
    namespace === undefined ? [] : list(PolicyTemplate, PLATFORM_NAMESPACE).catch(() => []),
    list(PolicyExceptionRequest),
  ])
  if (!older && !newer)
    throw new Unreadable(
      'the cluster has no kind for policy reports: neither wgpolicyk8s.io nor openreports.io',
    )
  return {
    reports: [...(older ?? []), ...(newer ?? [])],
    bindings: bindings ?? [],
    templates: [...(own ?? []), ...(platforms ?? [])],
    requests: requests ?? [],
  }
}

/** The object of a line, where it is of a kind that policies judge, and there, and may be read. */
export async function objectOf(
  client: Client,
  { object }: Line,
): Promise<UnknownObject | undefined> {
  const kind = judgedKinds.find(
    each => each.kind === object.kind && apiVersionOf(each) === object.apiVersion,
  )
  if (!kind) return undefined
  try {
    const found = await client.get(kind, object.name, object.namespace)
    return found as unknown as UnknownObject | undefined
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}
