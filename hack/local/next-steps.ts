export type NextSteps = {
  readonly kubeconfig: string
  readonly kubectl: string
  readonly kubectlOnPath: boolean
  readonly logs: string
  readonly background: boolean
}

/** The last words of a start: one line to copy, and what to try with it. */
export function nextSteps(stack: NextSteps): string {
  const { kubeconfig, logs } = stack
  const kubectl = stack.kubectlOnPath ? 'kubectl' : quoted(stack.kubectl)
  return [
    '',
    `KUBECONFIG=${kubeconfig}`,
    '',
    'Try next:',
    '',
    `export KUBECONFIG=${quoted(kubeconfig)}`,
    `${kubectl} get namespaces`,
    // Flush left: a shell looks for END at the beginning of a line.
    `${kubectl} apply -f - <<'END'`,
    'apiVersion: kradle.a5c.ai/v1alpha1',
    'kind: Organization',
    'metadata: {name: acme, namespace: kradle-system}',
    'spec: {displayName: Acme, namespaceName: kradle-org-acme}',
    'END',
    `${kubectl} get organizations --all-namespaces`,
    `${kubectl} get teams --namespace kradle-org-acme`,
    '',
    'A moment later acme-admin, acme-maintainer, acme-member, acme-viewer and acme-agent are contexts',
    'of that kubeconfig; docs/tour.md shows what each of them may do.',
    '',
    `Logs: ${logs}`,
    stack.background ? 'Stop: npm run down' : 'Stop: Ctrl-C',
    '',
  ].join('\n')
}

export function alreadyRunning(pid: number, kubeconfig: string): string {
  return `already running (pid ${pid}), \`npm run down\` stops it\nKUBECONFIG=${kubeconfig}`
}

/** Only where a shell needs it, so that the usual path stays easy to read. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
