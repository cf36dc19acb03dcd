import { kradle } from '../runner/objects.ts'
import { PLATFORM } from '../runner/organisation.ts'
import { step, type Scenario } from '../scenario.ts'

const inPlatform = ['-n', PLATFORM]

export const bootstrap: Scenario = {
  name: 'tenancy/bootstrap',
  title: 'An Organization makes its namespace and binding, once, and keeps them',
  rows: [8],
  rules: ['R30', 'R31', 'R41'],
  steps: [
    step('the namespace is there and says whose it is', on =>
      on.does(['get', 'namespace', on.namespace, '--show-labels'], {
        says: [`${on.namespace} Active`, `kradle.a5c.ai/org=${on.org}`],
      }),
    ),
    step('so is the binding', on =>
      on.comes(['get', 'orgnamespacebinding', on.org, ...inPlatform], {
        says: `NAME ORG TENANT PHASE READY AGE ${on.org} ${on.org} ${on.namespace} Bound True`,
      }),
    ),
    step('a second binding is refused', on =>
      on.isRefused(['create', '-f', '-'], {
        input: kradle(
          'OrgNamespaceBinding',
          `${on.org}-too`,
          { organizationRef: on.org, namespace: on.namespace },
          { namespace: PLATFORM },
        ),
        says: `organisation "${on.org}" has exactly one binding, and that one is named "${on.org}"; change the name of this one, or leave it to the identity controller (R31)`,
      }),
    ),
    step('an Organization lives in kradle-system alone', on =>
      on.isRefused(['create', '-f', '-'], {
        input: kradle('Organization', `${on.org}-inner`, {
          displayName: 'Inner',
          namespaceName: `kradle-org-${on.org}-inner`,
        }),
        says: `"${on.namespace}" is not the namespace of the platform, where alone Organization "${on.org}-inner" can live; write "kradle-system" [R30]`,
      }),
    ),
    step('a binding that is deleted comes back', async on => {
      await on.does(['delete', 'orgnamespacebinding', on.org, ...inPlatform], {
        says: `Warning: organization "${on.org}" still exists: its binding is made again`,
      })
      await on.comes(['get', 'orgnamespacebinding', on.org, ...inPlatform], { says: 'Bound True' })
      const ready = ['wait', '--for=condition=Ready', `organization/${on.org}`, '--timeout=30s']
      await on.does([...ready, ...inPlatform])
    }),
    step('deleting the Organization has to be confirmed', on =>
      on.isRefused(['delete', 'organization', on.org, '--dry-run=server', ...inPlatform], {
        says: `does not confirm that namespace "${on.namespace}" and everything in it goes too; run: kubectl annotate organization ${on.org} -n kradle-system kradle.a5c.ai/confirm-delete=${on.org} [R31 organization/deletion-is-confirmed]`,
      }),
    ),
  ],
}
