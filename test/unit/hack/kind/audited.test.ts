import t from 'tap'
import { parse } from 'yaml'
import { AUDIT_LOG, audited } from '#hack/kind/audited.ts'

const manifest = `
spec:
  containers:
    - command: [kube-apiserver, --secure-port=6443]
      volumeMounts: [{ name: certs, mountPath: /etc/ssl }]
  volumes: [{ name: certs, hostPath: { path: /etc/ssl } }]
`

t.test('the API server gets a log, once', async t => {
  const once = audited(manifest)
  t.match(parse(once), {
    spec: {
      containers: [
        {
          command: [
            'kube-apiserver',
            '--secure-port=6443',
            /audit-policy/,
            `--audit-log-path=${AUDIT_LOG}`,
          ],
          volumeMounts: [{ name: 'certs' }, { name: 'kradle-audit' }],
        },
      ],
      volumes: [{ name: 'certs' }, { name: 'kradle-audit', hostPath: {} }],
    },
  })
  t.equal(audited(once), once)
})

t.throws(() => audited('spec: { containers: [] }'), /no container/)
