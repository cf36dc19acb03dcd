import { existsSync, readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { KradleError } from './errors.ts'
import { TokenFile } from './token-file.ts'

/** How to reach an API server, and as whom. */
export interface Connection {
  readonly server: URL
  readonly tls: {
    readonly ca?: Buffer
    readonly cert?: Buffer
    readonly key?: Buffer
    readonly servername?: string
    readonly rejectUnauthorized?: boolean
  }
  /** Headers that say who we are; asked before each request, since tokens change. */
  authorize(): Promise<Readonly<Record<string, string>>>
  /** The server did not accept who we said we are. */
  refused(): void
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** From a kubeconfig, or as the Pod's service account where none is given. Throws NoConfiguration. */
export function loadConnection(options: {
  readonly kubeconfig?: string | undefined
  /** Where a Pod finds KUBERNETES_SERVICE_HOST and _PORT. */
  readonly env?: Readonly<Record<string, string | undefined>>
}): Connection {
  if (options.kubeconfig !== undefined) return fromFile(options.kubeconfig)
  if (existsSync(`${SERVICE_ACCOUNT}/token`)) return inCluster(options.env ?? {})
  throw new KradleError(
    'NoConfiguration',
    'no API server to talk to: give --kubeconfig, or run in a Pod with a service account',
  )
}

function inCluster(env: Readonly<Record<string, string | undefined>>): Connection {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? 'kubernetes.default.svc'
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443'
  return {
    server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    tls: { ca: readFileSync(`${SERVICE_ACCOUNT}/ca.crt`) },
    ...bearer(new TokenFile(`${SERVICE_ACCOUNT}/token`)),
  }
}

/** The fields of a user that we look at ourselves. */
interface User {
  readonly token?: string
  readonly tokenFile?: string
  readonly exec?: object
  readonly 'auth-provider'?: object
  readonly 'client-certificate'?: string
  readonly 'client-key'?: string
}

interface Entries {
  'current-context'?: string
  contexts?: { name: string; context: { cluster: string; user: string } }[]
  clusters?: { name: string; cluster: Record<string, string | boolean | undefined> }[]
  users?: { name: string; user?: User }[]
}

function fromFile(path: string): Connection {
  const missing = (what: string): never => {
    throw new KradleError('NoConfiguration', `kubeconfig ${path} has no ${what}`)
  }
  const file = (parse(readFileSync(path, 'utf8')) ?? {}) as Entries
  const current = file['current-context'] || missing('current-context')
  const { context } =
    file.contexts?.find(({ name }) => name === current) ?? missing(`context ${current}`)
  const { cluster } =
    file.clusters?.find(({ name }) => name === context.cluster) ??
    missing(`cluster ${context.cluster}`)
  const user = file.users?.find(({ name }) => name === context.user)?.user ?? {}
  const server = cluster['server'] || missing(`server for cluster ${context.cluster}`)

  const at = (name: string) => resolve(dirname(path), name)
  const bytes = (entry: object, key: string): Buffer | undefined => {
    const { [`${key}-data`]: data, [key]: name } = entry as Record<string, string | undefined>
    return data ? Buffer.from(data, 'base64') : name ? readFileSync(at(name)) : undefined
  }
  const ca = bytes(cluster, 'certificate-authority')
  const cert = bytes(user, 'client-certificate')
  const key = bytes(user, 'client-key')
  return {
    server: new URL(String(server)),
    tls: {
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(cluster['tls-server-name'] && { servername: String(cluster['tls-server-name']) }),
      ...(cluster['insecure-skip-tls-verify'] === true && { rejectUnauthorized: false }),
    },
    ...credentials(user, path, at),
  }
}

function credentials(
  user: User,
  path: string,
  at: (name: string) => string,
): Pick<Connection, 'authorize' | 'refused'> {
  if (user.tokenFile) return bearer(new TokenFile(at(user.tokenFile)))
  if (user.exec || user['auth-provider']) return plugin(path)
  const headers: Record<string, string> = user.token
    ? { authorization: `Bearer ${user.token.trim()}` }
    : {}
  return { authorize: async () => headers, refused: () => {} }
}

const bearer = (file: TokenFile): Pick<Connection, 'authorize' | 'refused'> => ({
  authorize: async () => ({ authorization: `Bearer ${await file.token()}` }),
  refused: () => file.forget(),
})

/** Credential plugins are client-node's; it is loaded for them alone, as it costs 80 MB and most of a second. */
function plugin(path: string): Pick<Connection, 'authorize' | 'refused'> {
  const load = async () => {
    const { KubeConfig } = await import('@kubernetes/client-node')
    const config = new KubeConfig()
    config.loadFromFile(path)
    return config
  }
  let config: ReturnType<typeof load> | undefined
  return {
    async authorize() {
      const options: RequestOptions = { headers: {} }
      config ??= load()
      await (await config).applyToHTTPSOptions(options)
      return options.headers as Record<string, string>
    },
    refused: () => {
      config = undefined
    },
  }
}
