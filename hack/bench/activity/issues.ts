import { ACTIVITY_GROUP } from '#src/api/names.ts'
import type { Call } from '../caller.ts'
import { namespaceOf } from '../teams.ts'

/** Kradle's API server, and the same definition as a CustomResourceDefinition. */
export type Side = 'kradle' | 'crd'

/** Beside each other in one API server; of one length, so that objects are too. */
export const groups: Readonly<Record<Side, string>> = {
  kradle: ACTIVITY_GROUP,
  crd: 'activity.kradle.shadow',
}

/** Who does everything: an ordinary user, since members of system:masters need no permission from anybody. */
export const user = 'bench'

export const allIssues = (side: Side): string => `/apis/${groups[side]}/v1alpha1/issues`

export const issuesOf = (side: Side, slug: string): string =>
  `/apis/${groups[side]}/v1alpha1/namespaces/${namespaceOf(slug)}/issues`

const body = `## What happens

The runner loses its workspace when the node is drained while a run is under way; the run is started again from the
beginning and what it had written is gone.

## What should happen

The workspace is moved, or the run says that it was interrupted and can be continued.
`

/** A complete Issue: nothing has to be filled in, so that both sides store the same. */
export function creation(
  side: Side,
  slug: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Call {
  const object = {
    apiVersion: `${groups[side]}/v1alpha1`,
    kind: 'Issue',
    metadata: { name, labels: { 'kradle.a5c.ai/org': slug, ...labels } },
    spec: {
      organizationRef: slug,
      title: 'A drained node loses the workspace of its runs',
      body,
      author: user,
      state: 'open',
      project: 'platform',
      repositories: ['runner', 'workspaces'],
      labels: ['bug', 'runner', 'needs-triage'],
      assignees: ['ada', 'grace'],
    },
  }
  return {
    method: 'POST',
    path: issuesOf(side, slug),
    body: Buffer.from(JSON.stringify(object)),
  }
}

/** What a controller writes once it has seen the Issue. */
export const statusPatch = (side: Side, slug: string, name: string): Call => ({
  method: 'PATCH',
  path: `${issuesOf(side, slug)}/${name}/status`,
  contentType: 'application/merge-patch+json',
  body: Buffer.from(
    JSON.stringify({
      status: {
        phase: 'Open',
        observedGeneration: 1,
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'Reconciled',
            message: 'everything it refers to is there',
            observedGeneration: 1,
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      },
    }),
  ),
})
