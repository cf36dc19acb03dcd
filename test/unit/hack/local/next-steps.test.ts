import t from 'tap'
import { alreadyRunning, nextSteps } from '#hack/local/next-steps.ts'

const stack = {
  kubeconfig: '/repo/.kradle/kubeconfig',
  kubectl: '/cache/bin/kubectl',
  kubectlOnPath: true,
  logs: '/repo/.kradle/logs',
  background: false,
}

t.test('KUBECONFIG is on a line of its own, to be copied or cut out', async t => {
  t.match(nextSteps(stack), /^KUBECONFIG=\/repo\/\.kradle\/kubeconfig$/m)
  t.match(nextSteps(stack), /^kubectl get namespaces$/m)
  t.match(nextSteps(stack), /^END$/m)
  t.match(nextSteps(stack), 'Stop: Ctrl-C')
  t.match(nextSteps({ ...stack, background: true }), 'Stop: npm run down')
})

t.test('what is not a command comes after the last of them', async t => {
  t.match(nextSteps(stack), /get teams .*\n\nA moment later acme-admin, .*\n.*docs\/tour\.md/)
})

t.test('without a kubectl on PATH ours is named', async t => {
  t.match(nextSteps({ ...stack, kubectlOnPath: false }), /^\/cache\/bin\/kubectl get namespaces$/m)
})

t.test(
  'paths that a shell would take apart are quoted, but not on the machine-readable line',
  async t => {
    const steps = nextSteps({ ...stack, kubeconfig: "/it's here/kubeconfig" })
    t.match(steps, String.raw`export KUBECONFIG='/it'\''s here/kubeconfig'`)
    t.match(steps, /^KUBECONFIG=\/it's here\/kubeconfig$/m)
  },
)

t.equal(alreadyRunning(7, '/k'), 'already running (pid 7), `npm run down` stops it\nKUBECONFIG=/k')
