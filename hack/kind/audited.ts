import { parse, stringify } from 'yaml'
import { Problem } from '#hack/local/problem.ts'

export const AUDIT_FOLDER = '/var/log/kradle-audit'

/** On the control plane node, and in the API server. */
export const AUDIT_LOG = `${AUDIT_FOLDER}/audit.log`

interface Pod {
  spec: {
    containers: { command: string[]; volumeMounts: object[] }[]
    volumes: object[]
  }
}

/** The manifest of kube-apiserver with an audit log; the same again where it has one already. */
export function audited(manifest: string): string {
  const pod = parse(manifest) as Pod
  const [server] = pod.spec.containers
  if (!server) throw new Problem('kube-apiserver has no container')
  if (server.command.some(flag => flag.startsWith('--audit-'))) return manifest
  server.command.push(
    `--audit-policy-file=${AUDIT_FOLDER}/policy.yaml`,
    `--audit-log-path=${AUDIT_LOG}`,
    '--audit-log-maxsize=1000',
    // Else the last lines are missing when somebody looks.
    '--audit-log-mode=blocking',
  )
  server.volumeMounts.push({ name: 'kradle-audit', mountPath: AUDIT_FOLDER })
  pod.spec.volumes.push({
    name: 'kradle-audit',
    hostPath: { path: AUDIT_FOLDER, type: 'DirectoryOrCreate' },
  })
  return stringify(pod)
}
