import t from 'tap'
import { kyvernoNames } from '#hack/local/kyverno/artefacts.ts'
import { kyvernoEnvironment, kyvernoFlags } from '#hack/local/kyverno/flags.ts'

const flagsOf = Object.fromEntries(
  kyvernoNames.map(name => [name, kyvernoFlags(name, { kubeconfig: '/k', port: 20_001 })]),
)

t.test('exceptions count in one namespace only, for everybody who reads them', async t => {
  for (const name of ['admission', 'background', 'reports'])
    t.ok(flagsOf[name]!.includes('--exceptionNamespace=kradle-system'), name)
})

t.test('nobody listens but on loopback, and nobody serves metrics', async t => {
  for (const name of kyvernoNames) {
    const flags = flagsOf[name]!
    t.ok(flags.includes('--disableMetrics=true'), name)
    const serves = flags.some(flag => flag.endsWith('Port=20001'))
    t.equal(flags.filter(flag => flag.endsWith('Host=127.0.0.1')).length, serves ? 1 : 0, name)
  }
  for (const name of ['admission', 'background'])
    t.ok(flagsOf[name]!.includes('--controllerRuntimeMetricsAddress=0'), name)
})

t.test('a process is the same after a restart', async t => {
  t.match(kyvernoEnvironment('reports', '/tuf'), {
    KYVERNO_POD_NAME: 'kyverno-reports-controller',
    KYVERNO_SERVICEACCOUNT_NAME: 'kyverno-reports-controller',
    TUF_ROOT: '/tuf',
  })
  t.equal(kyvernoEnvironment('admission', '/tuf')['KYVERNO_SVC'], 'kyverno-svc')
})
