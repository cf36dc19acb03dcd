import t from 'tap'
import { limitWatches } from '#src/controllers/grants/grant-limits.ts'
import { Repository } from '#src/api/data-plane/v1alpha1.ts'
import { AgentConfigGrant, AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import { referencesResolved } from '#src/lib/reference-conditions.ts'
import { cluster } from '#test/fixtures.ts'
import { agentStack, secretGrant } from '#test/fixtures-agents.ts'
import { thing } from '#test/fixtures-references.ts'

const repository = (name: string, namespace = 'kradle-org-acme') =>
  thing(name, {}, { namespace }, Repository)

t.test('says which Repositories a grant is limited to and that are not there', async t => {
  const grant = secretGrant({ allowedRepositories: ['web', 'app'] })
  const look = (...objects: Parameters<typeof cluster>) =>
    referencesResolved(AgentSecretGrant, grant, cluster(...objects))
  t.match(look(repository('web'), repository('app')), {
    type: 'ReferencesResolved',
    status: 'True',
    reason: 'AllResolved',
  })
  t.match(look(repository('web'), repository('app', 'kradle-org-globex')), {
    status: 'False',
    reason: 'ReferenceMissing',
    message: /^spec\.allowedRepositories\[1\]: Repository "app" does not exist; .*\[R33\]$/,
  })
})

t.test('says which stack is not there', async t => {
  const grant = secretGrant({ subject: { kind: 'skill', name: 'lint', stackRef: 'repairer' } })
  const reasonWith = (...objects: Parameters<typeof cluster>) =>
    referencesResolved(AgentSecretGrant, grant, cluster(...objects)).reason
  t.equal(reasonWith(), 'ReferenceMissing')
  t.equal(reasonWith(agentStack()), 'AllResolved')
})

t.test('brings up the grants of its namespace that are limited to a Repository', async t => {
  for (const kind of [AgentSecretGrant, AgentConfigGrant])
    t.strictSame(
      limitWatches(kind).map(watch => watch.kind),
      [Repository],
      'stacks are watched for the subject',
    )
  const grant = secretGrant({ allowedRepositories: ['app'] })
  const foreign = { ...grant, metadata: { ...grant.metadata, namespace: 'kradle-org-globex' } }
  const view = cluster(grant, foreign)
  const listed: (string | undefined)[] = []
  const [watch] = limitWatches(AgentSecretGrant)
  const owners = (name: string) =>
    watch?.toOwners(repository(name), {
      ...view,
      list: (kind, namespace) => {
        listed.push(namespace)
        return view.list(kind, namespace)
      },
    })
  t.strictSame(owners('app'), [{ name: 'model', namespace: 'kradle-org-acme' }])
  t.strictSame(owners('web'), [])
  t.strictSame(listed, ['kradle-org-acme', 'kradle-org-acme'], 'and looks through no others')
})
