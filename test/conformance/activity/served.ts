import { activity } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const issue = (name: string, title: string, labels: object = {}) =>
  activity('Issue', name, { title }, { labels })

const serverSide = ['apply', '--server-side', '-f', '-']

export const served: Scenario = {
  name: 'activity/served',
  title: 'Kinds that are kept in PostgreSQL are like any other to kubectl',
  rows: [2],
  rules: ['R12', 'R13', 'R14'],
  needs: ['activity'],
  steps: [
    step('the group is served, and no definition of it is in etcd', async on => {
      const service = 'apiservice/v1alpha1.activity.kradle.a5c.ai'
      await on.does(['wait', '--for=condition=Available', service, '--timeout=30s'])
      await on.does(['get', 'crd', '-o', 'name'], { never: 'activity.kradle.a5c.ai' })
    }),
    step('kubectl explains its fields', on =>
      on.does(['explain', 'agentapproval.spec.action'], {
        says: ['GROUP: activity.kradle.a5c.ai', 'FIELD: action <string>', 'ENUM: ... write-back'],
      }),
    ),
    step('what is applied is listed with its columns', async on => {
      await on.does(['apply', '-f', '-'], { input: issue('slow', 'Uploads fail') })
      await on.does(['get', 'issues'], { says: 'NAME PROJECT TITLE STATE PHASE AGE slow' })
    }),
    step('and described, as stored in postgres', on =>
      on.does(['describe', 'issue', 'slow'], { says: ['Kind: Issue', 'Storage: postgres'] }),
    ),
    step('kubectl diff shows a change, and that there is none', async on => {
      await on.does(['diff', '-f', '-'], { input: issue('slow', 'Uploads fail') })
      await on.isRefused(['diff', '-f', '-'], {
        input: issue('slow', 'Uploads time out'),
        says: ['- title: Uploads fail', '+ title: Uploads time out'],
      })
    }),
    step('fields have owners', async on => {
      const other = [...serverSide, '--field-manager=other']
      await on.isRefused(other, {
        input: issue('slow', 'Somebody else’s'),
        says: ['conflict with "kubectl-client-side-apply"', '.spec.title'],
      })
      await on.does([...other, '--force-conflicts'], {
        input: issue('slow', 'Somebody else’s'),
        says: 'serverside-applied',
      })
    }),
    step('a write on top of a version that is gone is refused', async on => {
      const { stdout } = await on.does(['get', 'issue', 'slow', '-o', 'json'])
      await on.does(['label', 'issue', 'slow', 'changed=meanwhile'])
      await on.isRefused(['replace', '-f', '-'], { input: stdout, says: '(Conflict)' })
    }),
    step('labels select', async on => {
      await on.does(['create', '-f', '-'], { input: issue('other', 'Other', { tier: 'gold' }) })
      await on.does(['get', 'issues', '-l', 'tier=gold', '-o', 'name'], {
        says: 'issue.activity.kradle.a5c.ai/other',
        never: 'issue.activity.kradle.a5c.ai/slow',
      })
    }),
    step('what is deleted is gone', async on => {
      await on.does(['delete', 'issue', 'slow', 'other'], { says: 'deleted' })
      await on.isRefused(['get', 'issue', 'slow'], { says: '(NotFound)' })
    }),
  ],
}
