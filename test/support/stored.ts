import type { UnknownObject } from '#src/api/object.ts'
import type { Evaluator } from '#src/lib/schema/evaluator.ts'
import type { Resource } from '#src/apiserver/resource.ts'

/** A resource as far as the storage looks at it. */
export const resource = (plural = 'pullrequests', kind = 'PullRequest'): Resource => ({
  kind: {
    group: 'activity.kradle.a5c.ai',
    version: 'v1alpha1',
    kind,
    plural,
    namespaced: true,
  },
  singular: kind.toLowerCase(),
  listKind: `${kind}List`,
  shortNames: [],
  categories: [],
  columns: [],
  selectableFields: ['.spec.repository', '.status.phase', '.spec.draft', '.spec.number'],
  schema: {},
  evaluator: {} as Evaluator,
  retention: {},
})

export const pullRequests = resource()

export interface Sample {
  readonly namespace?: string
  readonly labels?: Record<string, string>
  readonly spec?: Record<string, unknown>
  readonly status?: Record<string, unknown>
}

/** An object of `pullRequests`. */
export const pullRequest = (
  name: string,
  { namespace = 'kradle-org-acme', labels, spec = { repository: 'web' }, status }: Sample = {},
): UnknownObject => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'PullRequest',
  metadata: { name, namespace, uid: `uid-of-${name}`, ...(labels && { labels }) },
  spec,
  ...(status && { status }),
})
