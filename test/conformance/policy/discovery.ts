import { step, type Scenario } from '../scenario.ts'
import { bindingFor, team } from './objects.ts'

const condition =
  'jsonpath={.status.conditions[?(@.type=="PolicyApplied")].status} {.status.conditions[?(@.type=="PolicyApplied")].reason}'

export const discovery: Scenario = {
  name: 'policy/discovery',
  title: 'A binding says whether Kyverno is there to apply it; without it nothing else suffers',
  rows: [27],
  rules: [],
  steps: [
    step('a binding says what became of it', async on => {
      await on.comes(['create', '-f', '-'], { input: bindingFor('discovered', 'audit') })
      await on.comes(['get', 'policybinding', 'discovered', '-o', condition], {
        says: on.has.has('kyverno') ? 'True Applied' : /^False Kyverno(Missing|NotRunning)/,
        within: 60,
      })
    }),
    step('and other writes go on', on =>
      on.does(['create', '--dry-run=server', '-f', '-'], { input: team('none', 'goes-on') }),
    ),
  ],
}
