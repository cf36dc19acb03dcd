import t from 'tap'
import { ArtifactDownload, Job, PullRequest } from '#src/api/activity/v1alpha1.ts'
import { ReplicaSet } from '#src/api/apps/v1.ts'
import { Job as NativeJob } from '#src/api/batch/v1.ts'
import { Pod } from '#src/api/core/v1.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import type { ObjectMeta, UnknownObject } from '#src/api/object.ts'
import { isJudged, isOver } from '#src/scan/over.ts'

const object = (phase?: string, metadata: Partial<ObjectMeta> = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'X',
    metadata: { name: 'x', ...metadata },
    ...(phase && { status: { phase } }),
  }) as UnknownObject

t.test('what has ended is over, and so is a record', async t => {
  t.ok(isOver(Pod, object('Succeeded')))
  t.notOk(isOver(Pod, object('Running')))
  t.ok(isOver(Job, object('Cancelled')))
  t.notOk(isOver(Job, object()))
  t.notOk(isOver(NativeJob, object('Failed')), 'of batch, which has no phase')
  t.notOk(isOver(PullRequest, object('Merged')), 'still says what was merged')
  t.ok(isOver(ArtifactDownload, object('Recorded')))
})

t.test('neither what is going is judged, nor a template that another one made', async t => {
  const owned = { ownerReferences: [{ controller: true }] } as Partial<ObjectMeta>
  t.ok(isJudged(Team, object()))
  t.notOk(isJudged(Team, object('', { deletionTimestamp: '2026-11-21T12:00:00Z' })))
  t.notOk(isJudged(ReplicaSet, object('', owned)))
  t.ok(isJudged(ReplicaSet, object('', { ownerReferences: [{}] } as Partial<ObjectMeta>)))
  t.ok(isJudged(ReplicaSet, object()))
  t.ok(isJudged(Pod, object('', owned)))
  t.ok(isJudged(Team, object('', owned)))
})
