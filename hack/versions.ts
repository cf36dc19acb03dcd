/** What the local control plane, the tests and the benchmark run against. One place, so that an upgrade is one commit. */
export const versions = {
  kubernetes: 'v1.36.3',
  etcd: 'v3.6.8',
  kyverno: 'v1.19.1',
  helm: 'v3.22.0',
  kind: 'v0.33.0',
  /** The oldest Go that builds all of them. */
  go: '1.26.6',
} as const
