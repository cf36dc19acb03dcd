import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Api } from './api.ts'
import { writeDurably } from './durable.ts'
import { kradleNamespace } from './install.ts'
import { kubeconfig } from './kubeconfig.ts'
import { Problem } from './problem.ts'

/** The access of one process, renewed until stopped. */
export type AccountAccess = { readonly kubeconfig: string; stop(): void }

type Account = {
  readonly api: Api
  readonly account: string
  /** Of the account; kradle-system unless told otherwise. */
  readonly namespace?: string
  readonly folder: string
  readonly server: string
  readonly ca: string
  readonly report: (line: string) => void
}

const lifetime = 3600
const halfLife = (lifetime * 1000) / 2
const retry = 10_000
const look = 5_000

/**
 * A kubeconfig whose token belongs to the process's own ServiceAccount.
 *
 * Admission binds administrators and frees these accounts, so with the admin
 * certificate a process would be judged as somebody else than in a cluster.
 */
export async function keepAccess(account: Account): Promise<AccountAccess> {
  mkdirSync(account.folder, { recursive: true, mode: 0o700 })
  const tokenFile = join(account.folder, 'token')
  const path = join(account.folder, 'kubeconfig')
  writeDurably(tokenFile, await newToken(account), 0o600)
  writeDurably(
    path,
    kubeconfig({
      name: account.account,
      server: account.server,
      ca: account.ca,
      user: { tokenFile },
    }),
    0o600,
  )
  let renewAt = Date.now() + halfLife
  // Looked at often and by the clock on the wall: a long timer sleeps through a laptop's suspend and wakes too late.
  const timer = setInterval(() => {
    if (Date.now() < renewAt) return
    renewAt = Date.now() + retry
    newToken(account).then(
      token => {
        writeDurably(tokenFile, token, 0o600)
        renewAt = Date.now() + halfLife
      },
      (error: Error) => account.report(`no new token for ${account.account}: ${error.message}`),
    )
  }, look).unref()
  return { kubeconfig: path, stop: () => clearInterval(timer) }
}

async function newToken({ api, account, namespace = kradleNamespace }: Account): Promise<string> {
  const answer = await api(
    'POST',
    `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: lifetime },
    },
  )
  if (answer.status === 404) {
    throw new Problem(
      `there is no ServiceAccount ${namespace}/${account}: ${rbacOf(namespace)} should have it`,
    )
  }
  if (answer.status >= 300)
    throw new Problem(`no token for ${account}: ${answer.status} ${answer.body}`)
  return (JSON.parse(answer.body) as { status: { token: string } }).status.token
}

const rbacOf = (namespace: string): string =>
  namespace === kradleNamespace
    ? 'charts/kradle/files/rbac.yaml'
    : `hack/local/${namespace}/rbac.yaml`
