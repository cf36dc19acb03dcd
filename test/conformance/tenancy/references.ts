import { kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const create = ['create', '-f', '-']
const message = (type: string) =>
  `jsonpath={.status.conditions[?(@.type=="${type}")].reason}: {.status.conditions[?(@.type=="${type}")].message}`

export const references: Scenario = {
  name: 'tenancy/references',
  title:
    'A name means what is in the own organisation; what another one has is as if it were not there',
  rows: [10],
  rules: ['R33', 'R34', 'R59', 'R200'],
  steps: [
    step('the other organisation has a User', on =>
      on.does(create, {
        input: kradle(
          'User',
          'felix',
          { displayName: 'Felix', email: 'felix@example.com' },
          { namespace: on.otherNamespace },
        ),
      }),
    ),
    step('a Team that names the User is told what one is told that names nobody', async on => {
      for (const name of ['felix', 'nobody']) {
        const team = kradle('Team', `of-${name}`, { displayName: 'T', members: [name] })
        await on.does(create, { input: team })
        await on.comes(['get', 'team', `of-${name}`, '-o', message('MembersResolved')], {
          says: `UserMissing: There is no User "${name}"`,
        })
      }
    }),
    step('a namespace of another organisation is refused where one can be written', on =>
      on.isRefused(create, {
        input: kradle('AgentSecretGrant', 'from-abroad', {
          subject: { kind: 'runner', name: 'default' },
          serviceAccountRef: 'default',
          secretRef: { name: 'model', namespace: on.otherNamespace, keys: ['token'] },
          purpose: 'workload',
        }),
        says: `"${on.otherNamespace}" is not the namespace of the organisation, and no other can be granted from; leave it out, or write "${on.namespace}" (R59)`,
      }),
    ),
    step('an Invite is not accepted as a User of another organisation', on =>
      on.isRefused(create, {
        input: kradle('Invite', 'felix', {
          email: 'felix@example.com',
          role: 'member',
          acceptedBy: 'felix',
        }),
        says: `"felix" is no User in namespace "${on.namespace}"; create it first, or name one that is there [R33 org-scoped/references-exist]`,
      }),
    ),
  ],
}
