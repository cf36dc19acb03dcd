import type { Stage } from '../runner/stage.ts'
import { step, type Scenario } from '../scenario.ts'
import { bindingFor, request, team } from './objects.ts'

const create = ['create', '-f', '-']
const dryRun = [...create, '--dry-run=server']
const decide = (name: string) => [
  'patch',
  'policyexceptionrequest',
  name,
  '--type=merge',
  '-p',
  JSON.stringify({ spec: { decision: 'Approved', reason: 'Why not.' } }),
]
const phaseIs = (phase: string, seconds: number) => [
  'wait',
  `--for=jsonpath={.status.phase}=${phase}`,
  'policyexceptionrequest/short',
  `--timeout=${seconds}s`,
]
const isRefused = (on: Stage, name: string, within: number) =>
  on.isSoonRefused(dryRun, { input: team('strict', name), says: '[strict: team-names]', within })

const SECONDS = 30

export const exceptions: Scenario = {
  name: 'policy/exceptions',
  title:
    'An exception holds for what it names, after somebody else approved it, and until its time',
  rows: [25],
  rules: ['R201', 'R202', 'R203'],
  needs: ['kyverno', 'reports'],
  steps: [
    step('a binding refuses what it is against', async on => {
      await on.comes(create, { as: on.person('ada'), input: bindingFor('strict', 'enforce') })
      await isRefused(on, 'excepted', 60)
    }),
    step('an exception that ends in the past is refused', on =>
      on.isRefused(create, {
        as: on.person('ada'),
        input: request('late', 'strict', 'excepted', -60),
        says: ['spec.expiresAt', 'R201'],
      }),
    ),
    step('who asks does not approve', async on => {
      const as = on.person('ada')
      await on.does(create, { as, input: request('short', 'strict', 'excepted', SECONDS) })
      await on.isRefused(decide('short'), {
        as,
        says: `spec.decision: "Approved" is written by "${as}", who asks for it; have somebody else decide [R202 policyexceptionrequest/decider-is-another]`,
      })
      await isRefused(on, 'excepted', 10)
    }),
    step('once somebody else approved it, the write passes', async on => {
      await on.does(decide('short'), { as: on.person('bea'), says: 'patched' })
      await on.comes(dryRun, { input: team('strict', 'excepted'), within: 25 })
      await on.does(phaseIs('Applied', 30), { says: 'condition met' })
    }),
    step('for no other object', on => isRefused(on, 'another', 1)),
    step('nobody writes a PolicyException himself', on =>
      on.isRefused(dryRun, {
        input: {
          apiVersion: 'policies.kyverno.io/v1',
          kind: 'PolicyException',
          metadata: { name: 'own' },
          spec: {
            policyRefs: [{ name: `kradle-${on.org}-strict`, kind: 'NamespacedValidatingPolicy' }],
          },
        },
        says: `"${on.admin}"`,
      }),
    ),
    step('after its time it is refused again', async on => {
      await isRefused(on, 'excepted', SECONDS + 15)
      await on.does(phaseIs('Expired', 30), { says: 'condition met' })
    }),
  ],
}
