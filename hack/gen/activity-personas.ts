import type { Persona } from '#src/controllers/identity/personas.ts'

const EDIT = ['create', 'update', 'patch']
const WRITE = [...EDIT, 'delete']

/**
 * Who writes which kinds of activity, and how; everybody above him may as well. What is not here is written
 * by Kradle's controllers alone, and read by all: records of what happened are nobody's to edit.
 */
export const activityWriters: Readonly<
  Partial<Record<Persona, Readonly<Record<string, readonly string[]>>>>
> = {
  member: {
    issues: EDIT,
    pullrequests: EDIT,
    reviews: EDIT,
    // Publishing takes the right of the feed as well (R213).
    artifactversions: ['create'],
    agentdispatchruns: ['create'],
    agentmemoryqueries: ['create'],
    agentmemoryupdates: EDIT,
    agentrunmemoryimports: EDIT,
    agentsessionattachments: ['create'],
    workitemsessionlinks: WRITE,
    workitemworkspacelinks: WRITE,
  },
  maintainer: {
    issues: WRITE,
    pullrequests: WRITE,
    reviews: WRITE,
    pipelines: WRITE,
    jobs: WRITE,
    artifactversions: ['create', 'delete'],
    // Sending one again is another delivery (R207).
    webhookdeliveries: ['create'],
    externalsyncconflicts: ['update', 'patch'],
    externalwriteintents: EDIT,
  },
  admin: {
    // A decision is a patch; whether he may decide is asked beside that (verb approve).
    agentapprovals: ['update', 'patch', 'approve'],
    externalwriteintents: ['approve'],
  },
}
