import t from 'tap'
import { apiserverFlags, controllerManagerFlags, etcdFlags } from '#hack/local/flags.ts'
import { homeAt } from '#hack/local/home.ts'

const home = homeAt('/home')
const ports = {
  etcd: 20_001,
  'etcd-peer': 20_002,
  'kube-apiserver': 20_003,
  'kube-controller-manager': 20_004,
}

t.test('nothing listens beyond loopback, and etcd asks for a certificate', async t => {
  const etcd = etcdFlags(home, ports)
  for (const flag of etcd.filter(one => one.includes('urls='))) t.match(flag, 'https://127.0.0.1:')
  t.ok(etcd.includes('--client-cert-auth=true'))
  t.ok(etcd.includes('--peer-client-cert-auth=true'))
  t.notMatch(etcd.join(' '), 'unsafe')
  t.ok(etcdFlags(home, ports, { unsafeNoFsync: true }).includes('--unsafe-no-fsync=true'))
  t.ok(apiserverFlags(home, ports).includes('--bind-address=127.0.0.1'))
  t.ok(controllerManagerFlags(home, ports, '/k').includes('--bind-address=127.0.0.1'))
})

t.test('the API server authorises by RBAC, and owner references need permission', async t => {
  const flags = apiserverFlags(home, ports)
  t.ok(flags.includes('--authorization-mode=Node,RBAC'))
  t.ok(flags.includes('--enable-admission-plugins=OwnerReferencesPermissionEnforcement'))
  t.ok(flags.includes('--etcd-servers=https://127.0.0.1:20001'))
  t.ok(flags.includes('--secure-port=20003'))
  t.equal(
    flags.some(flag => flag.startsWith('--audit')),
    false,
  )
  t.same(apiserverFlags(home, ports, ['--audit-log-path=-']).slice(-1), ['--audit-log-path=-'])
})

t.test('controllers act under their own accounts', async t => {
  const flags = controllerManagerFlags(home, ports, '/k/config', ['--v=4'])
  t.ok(flags.includes('--kubeconfig=/k/config'))
  t.ok(flags.includes('--use-service-account-credentials=true'))
  t.ok(flags.includes('--secure-port=20004'))
  t.same(flags.slice(-1), ['--v=4'])
})
