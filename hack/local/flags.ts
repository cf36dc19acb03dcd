import { join } from 'node:path'
import type { Home } from './home.ts'

export const controlPlanePorts = [
  'etcd',
  'etcd-peer',
  'kube-apiserver',
  'kube-controller-manager',
] as const
export type ControlPlanePorts = Readonly<Record<(typeof controlPlanePorts)[number], number>>

export function etcdFlags(
  { etcd, pki }: Home,
  ports: ControlPlanePorts,
  options: { unsafeNoFsync?: boolean | undefined } = {},
): string[] {
  const client = `https://127.0.0.1:${ports.etcd}`
  const peer = `https://127.0.0.1:${ports['etcd-peer']}`
  return [
    '--name=kradle',
    `--data-dir=${etcd}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=kradle=${peer}`,
    // Loopback is open to every user of the machine, and etcd holds every Secret.
    '--client-cert-auth=true',
    `--trusted-ca-file=${join(pki, 'etcd-ca.crt')}`,
    `--cert-file=${join(pki, 'etcd.crt')}`,
    `--key-file=${join(pki, 'etcd.key')}`,
    '--peer-client-cert-auth=true',
    `--peer-trusted-ca-file=${join(pki, 'etcd-ca.crt')}`,
    `--peer-cert-file=${join(pki, 'etcd.crt')}`,
    `--peer-key-file=${join(pki, 'etcd.key')}`,
    // As kubeadm sets it: a watch on a quiet resource hears by bookmarks that it is up to date.
    '--watch-progress-notify-interval=5s',
    ...(options.unsafeNoFsync ? ['--unsafe-no-fsync=true'] : []),
  ]
}

export function apiserverFlags(
  { pki }: Home,
  ports: ControlPlanePorts,
  more: readonly string[] = [],
): string[] {
  const file = (name: string) => join(pki, name)
  return [
    '--advertise-address=127.0.0.1',
    '--bind-address=127.0.0.1',
    `--secure-port=${ports['kube-apiserver']}`,
    `--cert-dir=${pki}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
    `--etcd-cafile=${file('etcd-ca.crt')}`,
    `--etcd-certfile=${file('apiserver-etcd-client.crt')}`,
    `--etcd-keyfile=${file('apiserver-etcd-client.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    '--authorization-mode=Node,RBAC',
    // blockOwnerDeletion must not be a way to hold up somebody else's deletion.
    '--enable-admission-plugins=OwnerReferencesPermissionEnforcement',
    '--allow-privileged=true',
    // There is nothing to list: a single API server that nodes and Pods never dial.
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${file('sa.pub')}`,
    `--service-account-signing-key-file=${file('sa.key')}`,
    // How an aggregated API server learns whom a request is from.
    `--requestheader-client-ca-file=${file('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-uid-headers=X-Remote-Uid',
    `--proxy-client-cert-file=${file('front-proxy-client.crt')}`,
    `--proxy-client-key-file=${file('front-proxy-client.key')}`,
    '--profiling=false',
    ...more,
  ]
}

export function controllerManagerFlags(
  { pki }: Home,
  ports: ControlPlanePorts,
  kubeconfig: string,
  more: readonly string[] = [],
): string[] {
  const file = (name: string) => join(pki, name)
  return [
    `--kubeconfig=${kubeconfig}`,
    // Serves /healthz, which lists the controllers once they run.
    '--bind-address=127.0.0.1',
    `--secure-port=${ports['kube-controller-manager']}`,
    `--tls-cert-file=${file('controller-manager.crt')}`,
    `--tls-private-key-file=${file('controller-manager.key')}`,
    // One instance: no lease to wait for after a restart.
    '--leader-elect=false',
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${file('sa.key')}`,
    `--root-ca-file=${file('ca.crt')}`,
    `--cluster-signing-cert-file=${file('ca.crt')}`,
    `--cluster-signing-key-file=${file('ca.key')}`,
    `--requestheader-client-ca-file=${file('front-proxy-ca.crt')}`,
    // The default of 20 a second stretches the start of some forty controllers over seconds.
    '--kube-api-qps=200',
    '--kube-api-burst=400',
    ...more,
  ]
}
