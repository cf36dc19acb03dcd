import { kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const jsonpath = (fields: string) => `jsonpath={range .webhooks[*]}${fields}{"\\n"}{end}`
const lines = (text: string) => text.trim().split('\n')

export const webhooks: Scenario = {
  name: 'foundation/webhooks',
  title:
    'What has to be looked up is decided by webhooks that fail closed, and the glass can be broken',
  rows: [4],
  rules: ['R4', 'R200'],
  steps: [
    step('those that refuse fail closed and have no side effects', async on => {
      const args = ['get', 'validatingwebhookconfiguration', 'kradle', '-o']
      const { stdout } = await on.does([
        ...args,
        jsonpath('{.name} {.failurePolicy} {.sideEffects}'),
      ])
      const others = lines(stdout).filter(line => !line.endsWith(' Fail None'))
      // That one warns, and refuses nothing.
      if (String(others) !== 'validate.notice.kradle.a5c.ai Ignore None') throw new Error(stdout)
    }),
    step('those that fill in do not', async on => {
      const args = ['get', 'mutatingwebhookconfiguration', 'kradle', '-o']
      const { stdout } = await on.does([...args, jsonpath('{.failurePolicy} {.sideEffects}')])
      if (!lines(stdout).every(line => line === 'Ignore None')) throw new Error(stdout)
    }),
    step('all of them trust an authority', async on => {
      const args = ['get', 'validatingwebhookconfiguration,mutatingwebhookconfiguration', 'kradle']
      const bundles = '{range .items[*].webhooks[*]}{.clientConfig.caBundle}{"\\n"}{end}'
      const { stdout } = await on.does([...args, '-o', `jsonpath=${bundles}`])
      if (!lines(stdout).every(line => line.length > 100)) throw new Error(stdout)
    }),
    step('a write that needs a look is refused by the webhook, with field, value and way out', on =>
      on.isRefused(['create', '-f', '-'], {
        input: kradle('PolicyBinding', 'loose', { templateRef: 'nothing', mode: 'audit' }),
        says: `admission webhook "validate.kradle.a5c.ai" denied the request: spec.templateRef: "nothing" is no PolicyTemplate in namespace "${on.namespace}"; create it first, or name one that is there [R200 org-scoped/references-exist]`,
      }),
    ),
    step('workloads are judged in organisations alone', async on => {
      const selectors = '{.name}: {.namespaceSelector} {.matchConditions[*].expression}'
      const args = ['get', 'validatingwebhookconfiguration', 'kradle', '-o', jsonpath(selectors)]
      const { stdout } = await on.does(args)
      const workloads = lines(stdout).filter(line => line.startsWith('validate.workloads'))
      const isLimited = (line: string) =>
        line.includes(`request.namespace.startsWith('kradle-org-')`) ||
        line.includes('{"key":"kradle.a5c.ai/org","operator":"Exists"}')
      if (workloads.length === 0 || !workloads.every(isLimited)) throw new Error(stdout)
    }),
    step('the command that breaks the glass finds what it is to delete', on => {
      const kinds = 'validatingwebhookconfiguration,validatingadmissionpolicybinding'
      const args = ['delete', kinds, '-l', 'app.kubernetes.io/part-of=kradle']
      return on.does([...args, '--dry-run=server'], {
        says: [
          'validatingwebhookconfiguration.admissionregistration.k8s.io "kradle" deleted (server dry run)',
          '"kradle-organization-scope" deleted (server dry run)',
        ],
      })
    }),
  ],
}
