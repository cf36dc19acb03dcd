import t from 'tap'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import { kinds } from '#src/api/kinds.ts'
import { deployments } from '#src/deployments.ts'
import { hooks, leaders } from '#src/install/rights.ts'

const READ = ['get', 'list', 'watch']
const shipped = [
  ['ValidatingWebhookConfiguration', 'kradle'],
  ['ValidatingAdmissionPolicy', 'kradle-census'],
].map(([kind = '', name = '']) => ({ apiVersion: 'v1', kind, metadata: { name } }))
const all = hooks(shipped, ['image-age'])
const grantsOf = (hook: string) => all.find(({ name }) => name === hook)!.grants

t.test('all that lead are controllers', async t => {
  const servers = deployments([])
    .map(({ name }) => name)
    .filter(name => !leaders.includes(name))
  t.strictSame(servers, ['apiserver', 'webhook'])
  t.ok(leaders.includes('admission-controller'))
})

t.test('no hook has everything, lends rights or acts as somebody else', async t => {
  for (const { grants } of all)
    for (const { kind, verbs, resourceNames } of grants) {
      t.notOk([kind.group, kind.plural, ...verbs, ...(resourceNames ?? [])].includes('*'))
      for (const verb of ['bind', 'escalate', 'impersonate', 'deletecollection'])
        t.notOk(verbs.includes(verb))
      t.ok(resourceNames === undefined || resourceNames.length > 0)
      t.not(kind.group, 'rbac.authorization.k8s.io')
    }
})

t.test('of what is everybody’s, hooks change what is named alone', async t => {
  const unnamed = all.flatMap(({ name, grants }) =>
    grants
      .filter(({ resourceNames, kind }) => !resourceNames && kind.scope === undefined)
      .flatMap(({ kind, verbs, namespace = 'everywhere' }) =>
        verbs
          .filter(verb => !READ.includes(verb))
          .map(verb => `${name}: ${verb} ${kind.plural} ${namespace}`),
      ),
  )
  t.strictSame(unnamed, [
    'hook-definitions: create customresourcedefinitions everywhere',
    // Kyverno's, which are found by their labels.
    'hook-uninstall: delete namespacedvalidatingpolicies everywhere',
    'hook-uninstall: delete namespacedmutatingpolicies everywhere',
    'hook-uninstall: delete namespacedgeneratingpolicies everywhere',
    'hook-uninstall: delete namespacedimagevalidatingpolicies everywhere',
    'hook-uninstall: delete namespaceddeletingpolicies everywhere',
    'hook-uninstall: delete policyexceptions kradle-system',
    'hook-uninstall: delete policyreports everywhere',
    'hook-uninstall: delete reports everywhere',
  ])
})

t.test('definitions are those of Kradle, and templates those of the catalogue', async t => {
  const names = grantsOf('hook-definitions').flatMap(({ resourceNames = [] }) => resourceNames)
  t.equal(names.length, kinds.length)
  t.ok(names.every(name => name.endsWith('.kradle.a5c.ai')))
  t.strictSame(
    grantsOf('hook-catalogue').flatMap(({ resourceNames = [] }) => resourceNames),
    ['image-age', 'kradle-probe'],
  )
})

t.test(
  'an uninstall deletes no definition and no Secret but ours, and nothing of a name that is not shipped',
  async t => {
    const grants = grantsOf('hook-uninstall')
    t.notOk(grants.some(({ kind }) => kind === CustomResourceDefinition))
    const deletes = (plural: string) =>
      grants
        .filter(({ kind, verbs }) => kind.plural === plural && verbs.includes('delete'))
        .flatMap(({ resourceNames }) => resourceNames ?? ['any'])
    t.strictSame(deletes('secrets'), ['kradle-webhook-tls', 'kradle-apiserver-certificate'])
    t.strictSame(deletes('validatingwebhookconfigurations'), ['kradle'])
    t.strictSame(deletes('validatingadmissionpolicies'), ['kradle-census'])
    t.strictSame(deletes('mutatingadmissionpolicies'), [])
    t.strictSame(deletes('resourcequotas'), ['kradle-census'])
    t.strictSame(deletes('deployments'), leaders)
  },
)
