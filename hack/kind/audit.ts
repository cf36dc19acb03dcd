import { stringify } from 'yaml'
import { command, ended } from '#hack/command.ts'
import { until } from '#hack/until.ts'
import { AUDIT_FOLDER, audited } from './audited.ts'

const MANIFEST = '/etc/kubernetes/manifests/kube-apiserver.yaml'

const userGroups = ['system:serviceaccounts:kradle-system']

/** Who asked for what, of Kradle's processes alone; bodies only of what lends rights. */
const POLICY = stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'Request',
      userGroups,
      verbs: ['create', 'update', 'patch'],
      resources: [{ group: 'rbac.authorization.k8s.io' }],
    },
    { level: 'Metadata', userGroups },
    { level: 'None' },
  ],
})

/** Has the API server of a kind cluster write an audit log, and waits until it is back. */
export async function writeAuditLog(
  cluster: string,
  answers: () => Promise<boolean>,
): Promise<void> {
  const node = `${cluster}-control-plane`
  const shell = (script: string, input = '') =>
    command('docker', ['exec', '-i', node, 'sh', '-ec', script], { input })
  const before = await shell(`cat ${MANIFEST}`)
  const after = audited(before)
  if (after === before) return
  await shell(`mkdir -p ${AUDIT_FOLDER} && cat > ${AUDIT_FOLDER}/policy.yaml`, POLICY)
  // kubelet reads whatever appears in its folder, half written too.
  await shell(
    `cat > /etc/kubernetes/kradle-audit.yaml && mv /etc/kubernetes/kradle-audit.yaml ${MANIFEST}`,
    after,
  )
  const isBack = async () => {
    const running = ['pgrep', '-f', 'kube-apiserver.*--audit-log-path']
    const { code } = await ended('docker', ['exec', node, ...running])
    return code === 0 && (await answers())
  }
  await until('the API server is back with an audit log', isBack, 180)
}
