import t from 'tap'
import { parse, stringify } from 'yaml'
import { kubeconfig } from '#hack/local/kubeconfig.ts'

const admin = {
  name: 'admin',
  server: 'https://127.0.0.1:1',
  ca: 'CA',
  user: { cert: 'CERT', key: 'KEY' },
}
const base64 = (text: string) => Buffer.from(text).toString('base64')

t.test('one for a certificate, one for a token', async t => {
  t.match(parse(kubeconfig(admin)), {
    kind: 'Config',
    'current-context': 'admin',
    clusters: [
      {
        name: 'kradle',
        cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': base64('CA') },
      },
    ],
    users: [
      {
        name: 'admin',
        user: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
      },
    ],
    contexts: [{ name: 'admin', context: { cluster: 'kradle', user: 'admin' } }],
  })
  t.match(parse(kubeconfig({ ...admin, user: { tokenFile: '/t' } })), {
    users: [{ user: { tokenFile: '/t' } }],
  })
})

t.test('somebody else to act as, and a namespace to look in', async t => {
  const user = {
    ...admin.user,
    as: 'system:serviceaccount:x:agent',
    groups: ['system:authenticated'],
  }
  const text = kubeconfig({ ...admin, name: 'agent', namespace: 'x', user }, kubeconfig(admin))
  t.match(parse(text), {
    'current-context': 'admin',
    users: [{ name: 'admin' }, { user: { as: user.as, 'as-groups': ['system:authenticated'] } }],
    contexts: [{ name: 'admin' }, { name: 'agent', context: { namespace: 'x', user: 'agent' } }],
  })
})

t.test('what a person added stays, the address follows', async t => {
  const before = parse(kubeconfig(admin)) as {
    contexts: { name: string; context: Record<string, string> }[]
  }
  before.contexts[0]!.context['namespace'] = 'kradle-org-acme'
  before.contexts.push({ name: 'mine', context: { cluster: 'kradle', user: 'me' } })
  const text = stringify({ ...before, 'current-context': 'mine' })
  const after = parse(kubeconfig({ ...admin, server: 'https://127.0.0.1:2' }, text))
  t.match(after, {
    'current-context': 'mine',
    clusters: [{ cluster: { server: 'https://127.0.0.1:2' } }],
    contexts: [{ name: 'mine' }, { name: 'admin', context: { namespace: 'kradle-org-acme' } }],
  })
  t.equal(after.clusters.length, 1)
})

for (const damaged of ['', 'users: 7', '{{{', 'clusters: []']) {
  t.equal(kubeconfig(admin, damaged), kubeconfig(admin), `written anew: ${damaged}`)
}
