import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const crds = resolve(import.meta.dirname, '../../../crds')

/** The names of the definitions that go into etcd. */
const names = (): readonly string[] =>
  globSync('*/*.yaml', { cwd: crds })
    .map(file => parse(readFileSync(resolve(crds, file), 'utf8')) as Definition)
    .filter(({ kind }) => kind === 'CustomResourceDefinition')
    .map(({ metadata }) => metadata.name)
    .toSorted()

interface Definition {
  readonly kind: string
  readonly metadata: { readonly name: string }
}

export const definitions: Scenario = {
  name: 'foundation/definitions',
  title:
    'Every kind of configuration is installed, listed, explained, and takes only what it defines',
  rows: [1],
  rules: ['R4', 'R7', 'R70', 'R190'],
  steps: [
    step('every definition is there and established', async on => {
      const each =
        '{range .items[*]}{.metadata.name}={.status.conditions[?(@.type=="Established")].status}{"\\n"}{end}'
      const { stdout } = await on.does(['get', 'crd', '-o', `jsonpath=${each}`])
      const missing = names().filter(name => !stdout.includes(`${name}=True\n`))
      if (missing.length > 0) throw new Error(`not so: ${missing.join(', ')}`)
    }),
    step('all are of category kradle, and no other group has a kind there', async on => {
      const served = await on.does(['api-resources', '--categories=kradle', '-o', 'name'])
      const listed = served.stdout
        .trim()
        .split('\n')
        .filter(name => !name.endsWith('.activity.kradle.a5c.ai'))
      if (String(listed.toSorted()) !== String(names()))
        throw new Error(`kubectl api-resources lists ${listed.join(', ')}`)
    }),
    step('kubectl explains a field and its values', on =>
      on.does(['explain', 'repository.spec.visibility', '--api-version=kradle.a5c.ai/v1alpha1'], {
        says: ['GROUP: kradle.a5c.ai', 'FIELD: visibility <string>', 'ENUM: ... internal'],
      }),
    ),
    step('kubectl get shows the columns of a kind', on =>
      on.does(['get', 'organizations', on.org, '-n', 'kradle-system'], {
        says: `NAME DISPLAY TENANT PHASE READY AGE ${on.org} Conformance ${on.namespace}`,
      }),
    ),
    step('a Repository that does not say who sees it is refused', on =>
      on.isRefused(['create', '-f', '-'], {
        input: kradle('Repository', 'unseen', { description: 'of nobody' }),
        says: ['Repository', 'is invalid', 'spec.visibility: Required value'],
      }),
    ),
    step('a RunnerPool with no warm replicas is accepted: zero is not missing', on =>
      on.does(['create', '--dry-run=server', '-f', '-'], {
        input: kradle('RunnerPool', 'cold', { warmReplicas: 0, maxReplicas: 1 }),
        says: 'runnerpool.kradle.a5c.ai/cold created (server dry run)',
      }),
    ),
    step('a field that is not defined is refused', on =>
      on.isRefused(['create', '-f', '-'], {
        input: kradle('Team', 'odd', { displayName: 'Odd', nickname: 'O' }),
        says: 'strict decoding error: unknown field "spec.nickname"',
      }),
    ),
  ],
}
