import t from 'tap'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import { objectOf, request } from '#test/fixtures.ts'
import { newReferences, readsOf } from '#webhooks/new-references.ts'

const metadata = { name: 'one', namespace: 'kradle-org-acme' }
const stack = (...skillRefs: string[]) =>
  objectOf(AgentStack, { metadata, spec: { skillRefs } } as never)

t.test('what a write names that was not named before', async t => {
  const pathsOf = (...args: Parameters<typeof request>) =>
    newReferences(AgentStack, request(...args)).map(({ path }) => path)
  t.strictSame(pathsOf('CREATE', AgentStack, stack('a', 'b')), [
    'spec.skillRefs[0]',
    'spec.skillRefs[1]',
  ])
  t.strictSame(pathsOf('UPDATE', AgentStack, stack('b', 'c'), stack('a', 'b')), [
    'spec.skillRefs[1]',
  ])
  t.strictSame(pathsOf('UPDATE', AgentStack, stack('a'), stack('b', 'a')), [])
})

t.test('is read where it can be, a template of the platform too', async t => {
  const [skill] = newReferences(AgentStack, request('CREATE', AgentStack, stack('a')))
  t.match(readsOf([skill!], 'kradle-org-acme'), [
    { kind: { plural: 'agentskills' }, name: 'a', namespace: 'kradle-org-acme', fresh: 'on-miss' },
  ])
  const binding = objectOf(PolicyBinding, { metadata, spec: { templateRef: 't' } } as never)
  const names = newReferences(PolicyBinding, request('CREATE', PolicyBinding, binding))
  t.strictSame(
    readsOf(names, 'kradle-org-acme').map(({ namespace }) => namespace),
    ['kradle-org-acme', 'kradle-system'],
  )
})
