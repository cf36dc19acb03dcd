import t from 'tap'
import { contents, homeAt, logFile, pidFile } from '#hack/local/home.ts'

const home = homeAt('/k')

t.equal(home.kubeconfig, '/k/kubeconfig')
t.equal(home.ports, '/k/ports.json')
t.equal(logFile(home, 'etcd'), '/k/logs/etcd.log')
t.equal(pidFile(home, 'etcd'), '/k/run/etcd.json')

t.test('a reset takes the marker first and everything we make, but not the folder', async t => {
  const all = contents(home)
  t.equal(all[0], '/k/initialised')
  t.same(
    all.toSorted(),
    Object.values(home)
      .filter(path => path !== '/k')
      .toSorted(),
  )
})
