import { pod, withKey } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const create = ['create', '-f', '-']
const dryRun = [...create, '--dry-run=server']
const build = pod('build', withKey('model', 'token'))

export const pods: Scenario = {
  name: 'grants/pods',
  title: 'No Pod has a key without a grant; the refusal says which grant to ask for',
  rows: [14],
  rules: ['R51', 'R53', 'R56', 'R62'],
  steps: [
    step('a maintainer makes a Secret, and does not read it', async on => {
      const as = on.person('max')
      await on.comes(['create', 'secret', 'generic', 'model', '--from-literal=token=s3cr3t'], {
        as,
        says: 'secret/model created',
      })
      await on.isRefused(['get', 'secret', 'model'], { as, says: 'cannot get resource "secrets"' })
    }),
    step('nor by a Pod', async on => {
      const { stderr } = await on.isSoonRefused(create, {
        as: on.person('max'),
        input: build,
        says: [
          'spec.containers[0].env[0].valueFrom.secretKeyRef: "model/token" is a key of a Secret that cannot be used here: no AgentSecretGrant gives this key to what people run under account "default"; ask for a grant: echo ',
          '| kubectl apply -f - [R51 pod/keys-are-granted]',
        ],
      })
      const grant = /echo '(\{.*\})' \| kubectl apply/.exec(stderr)?.[1]
      if (!grant) throw new Error(`there is no grant in: ${stderr}`)
      on.notes.set('grant', grant)
    }),
    step('the grant of the message is not for him to make', on =>
      on.isRefused(['create', '-f', '-'], {
        as: on.person('max'),
        input: on.notes.get('grant')!,
        says: 'cannot create resource "agentsecretgrants"',
      }),
    ),
    step('an admin of the organisation applies it as it stands', on =>
      on.does(['apply', '-f', '-'], {
        as: on.person('ada'),
        input: on.notes.get('grant')!,
        says: 'created',
      }),
    ),
    step('and the Pod is accepted', on =>
      on.comes(dryRun, { as: on.person('max'), input: build, says: 'pod/build created' }),
    ),
    step('as a file it is not: the grant says how', on =>
      on.isRefused(dryRun, {
        as: on.person('max'),
        input: pod(
          'build',
          {},
          {
            volumes: [
              {
                name: 'key',
                secret: { secretName: 'model', items: [{ key: 'token', path: 'token' }] },
              },
            ],
          },
        ),
        says: ['allows the key as env only, and this is a file', '[R56 pod/keys-are-granted]'],
      }),
    ),
    step('nobody takes a Secret whole', on =>
      on.isRefused(dryRun, {
        input: pod('greedy', { envFrom: [{ secretRef: { name: 'model' } }] }),
        says: [
          'spec.containers[0].envFrom[0].secretRef: "model" is a whole Secret that cannot be used here: every key is taken, and those that are added later too; list the keys that are needed, each with env.valueFrom',
          '[R53 pod/keys-are-granted]',
        ],
      }),
    ),
    step('a Deployment is judged like the Pods that it would make', on => {
      const { spec } = pod('x', withKey('model', 'other'))
      const labels = { app: 'builder' }
      return on.isRefused(dryRun, {
        as: on.person('ada'),
        input: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'builder' },
          spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
        },
        says: ['spec.template.spec.containers[0].env[0]', '"model/other"', '[R51'],
      })
    }),
    step('without the grant it is refused again', async on => {
      await on.does(
        ['delete', 'agentsecretgrants', '--field-selector', 'spec.secretRef.name=model'],
        { as: on.person('ada'), says: 'deleted' },
      )
      await on.isSoonRefused(dryRun, {
        as: on.person('max'),
        input: build,
        says: '[R51 pod/keys-are-granted]',
      })
    }),
  ],
}
