import type { Kind } from '#src/api/kind.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Client } from '#src/lib/client.ts'
import { ApiError } from '#src/lib/api-error.ts'
import { idOf, type Cluster } from '#src/lib/cluster.ts'
import { policyKinds } from './bound.ts'
import { accessOf } from '#webhooks/access.ts'
import type { AccessReview } from '#webhooks/rule.ts'
import { overlaid } from './overlay.ts'
import type { World } from './settle.ts'

interface SelfSubjectAccessReview {
  readonly status?: { readonly allowed?: boolean }
}

/**
 * A cluster, read bit by bit with the rights of whoever checks, each thing once. What is stored lies on top of it.
 * Rejects where something cannot be read: nothing is decided on guesses. Only what is bound may be hidden, which is then said:
 * whoever may write an object need not be one who may see the policies on it.
 */
export function against(client: Client, now: Date): World {
  const gets = new Map<string, KubernetesObject | undefined>()
  const lists = new Map<string, readonly KubernetesObject[]>()
  const hidden = new Set<string>()
  const unlessHidden =
    (kind: Kind, namespace = '') =>
    (error: unknown): undefined => {
      if (!policyKinds.has(kind) || !(error instanceof ApiError) || error.code !== 403) throw error
      hidden.add(`${kind.plural} of ${namespace}`)
    }
  const base: Cluster = {
    now,
    get: <T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string) =>
      gets.get(idOf(kind, name, namespace)) as T | undefined,
    list: <T extends KubernetesObject>(kind: Kind<T>, namespace?: string) =>
      (lists.get(idOf(kind, '', namespace)) ?? []) as readonly T[],
  }
  const { store, view } = overlaid(base)
  return {
    store,
    view: () => view,
    hidden: () => [...hidden],
    async learn(looks) {
      const missing = [
        ...[...looks.gets.values()]
          .map(look => ({ ...look, id: idOf(look.kind, look.name, look.namespace) }))
          .filter(({ id }) => !gets.has(id))
          .map(async ({ id, kind, name, namespace }) =>
            gets.set(
              id,
              await client.get(kind, name, namespace).catch(unlessHidden(kind, namespace)),
            ),
          ),
        ...[...looks.lists.values()]
          .map(look => ({ ...look, id: idOf(look.kind, '', look.namespace) }))
          .filter(({ id }) => !lists.has(id))
          .map(async ({ id, kind, namespace }) => {
            const listed = await client
              .list(kind, { ...(namespace !== undefined && { namespace }) })
              .catch(unlessHidden(kind, namespace))
            lists.set(id, listed?.items ?? [])
          }),
      ]
      await Promise.all(missing)
      return missing.length > 0
    },
    async ask(reviews) {
      const answers = await Promise.all(
        reviews.map(async review => [review, await mayI(client, review)] as const),
      )
      return { access: accessOf(answers), assumed: [] }
    },
  }
}

async function mayI(client: Client, review: AccessReview): Promise<boolean> {
  const { status } = await client.raw<SelfSubjectAccessReview>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: review },
    },
  })
  return status?.allowed === true
}
