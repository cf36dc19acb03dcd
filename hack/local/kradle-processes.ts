/** One of Kradle's Deployments as a local process. Its name is also its ServiceAccount and its file in src/cmd. */
export type KradleProcess = {
  readonly name: string
  readonly entry: string
  /** Flags of Node itself. */
  readonly node?: readonly string[]
  /** What it is always told here, where nobody wants to wait as long as in a cluster. */
  readonly own?: readonly string[]
  /** What it takes besides --kubeconfig and --health. */
  readonly flags: readonly ('listen' | 'webhook-url' | 'apiserver-url' | 'database')[]
}

/** Which process to start, and how it differs from the usual. */
export type KradleStart = {
  readonly name: string
  /** For a second one of the same name. */
  readonly id?: string
  /** Another program than src/cmd/<name>.ts. */
  readonly entry?: string
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export const kradleProcesses: readonly KradleProcess[] = [
  {
    name: 'webhook',
    entry: 'src/cmd/webhook.ts',
    // By default the young generation grows while lists of grants come in, and is never given back: a third of all memory.
    node: ['--max-semi-space-size=4'],
    flags: ['listen'],
  },
  {
    name: 'admission-controller',
    entry: 'src/cmd/admission-controller.ts',
    flags: ['webhook-url', 'apiserver-url'],
  },
  { name: 'apiserver', entry: 'src/cmd/apiserver.ts', flags: ['listen', 'database'] },
  {
    name: 'scan-controller',
    entry: 'src/cmd/scan-controller.ts',
    own: ['--interval-seconds', '30'],
    flags: [],
  },
  ...[
    'agents-controller',
    'artifact-controller',
    'external-controller',
    'grants-controller',
    'hooks-controller',
    'identity-controller',
    'inference-controller',
    'policy-controller',
    'repository-controller',
    'runner-controller',
    'web-ui-controller',
    'workspace-controller',
  ].map(name => ({ name, entry: `src/cmd/${name}.ts`, flags: [] })),
]

/** What decides on requests, and what that stands on: all that most tests and benchmarks need. */
export const deciding: readonly KradleStart[] = [
  'webhook',
  'admission-controller',
  'grants-controller',
  'identity-controller',
].map(name => ({ name }))

export function processFlags(
  process: KradleProcess,
  values: {
    readonly kubeconfig: string
    readonly health: string
    readonly listen: string
    readonly webhookUrl: string
    /** Undefined where there is no API server of ours. */
    readonly apiserverUrl: string | undefined
    /** A file with the URL of PostgreSQL, which has a password in it. */
    readonly databaseUrlFile: string
  },
): string[] {
  const takes = (flag: KradleProcess['flags'][number]) => process.flags.includes(flag)
  return [
    '--kubeconfig',
    values.kubeconfig,
    '--health',
    values.health,
    ...(process.own ?? []),
    ...(takes('listen') ? ['--listen', values.listen] : []),
    ...(takes('webhook-url') ? ['--webhook-url', values.webhookUrl] : []),
    ...(takes('apiserver-url') && values.apiserverUrl !== undefined
      ? ['--apiserver-url', values.apiserverUrl]
      : []),
    ...(takes('database') ? ['--database-url-file', values.databaseUrlFile] : []),
  ]
}
