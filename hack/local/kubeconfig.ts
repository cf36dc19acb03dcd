import { parse, stringify } from 'yaml'

export type Access = {
  /** Name of the user and of the context. */
  readonly name: string
  readonly server: string
  readonly ca: string
  readonly user: Certificate | { readonly tokenFile: string } | (Certificate & Impersonation)
  /** Where kubectl looks unless told otherwise. */
  readonly namespace?: string
}

type Certificate = { readonly cert: string; readonly key: string }
/** Acts as somebody else; the certificate has to be of somebody who may. */
type Impersonation = { readonly as: string; readonly groups: readonly string[] }

type Settings = Readonly<Record<string, unknown>>
type Kubeconfig = Settings & {
  clusters: { name: string; cluster: Settings }[]
  users: { name: string; user: Settings }[]
  contexts: { name: string; context: Settings }[]
}

const cluster = 'kradle'

/**
 * A kubeconfig with this access in it.
 *
 * What a person added to the one we wrote before stays: further contexts,
 * and the namespace they chose for ours.
 */
export function kubeconfig(access: Access, before?: string): string {
  const config = readable(before)
  const kept = config.contexts.find(({ name }) => name === access.name)?.context
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': access.name,
    preferences: {},
    ...config,
    clusters: put(config.clusters, {
      name: cluster,
      cluster: { server: access.server, 'certificate-authority-data': base64(access.ca) },
    }),
    users: put(config.users, { name: access.name, user: credentials(access) }),
    contexts: put(config.contexts, {
      name: access.name,
      context: {
        ...(access.namespace && { namespace: access.namespace }),
        ...kept,
        cluster,
        user: access.name,
      },
    }),
  })
}

function credentials({ user }: Access): Settings {
  if ('tokenFile' in user) return { tokenFile: user.tokenFile }
  return {
    ...('as' in user && { as: user.as, 'as-groups': [...user.groups] }),
    'client-certificate-data': base64(user.cert),
    'client-key-data': base64(user.key),
  }
}

/** One that is damaged is written anew: it holds nothing that cannot be made again. */
function readable(text: string | undefined): Kubeconfig {
  const empty = { clusters: [], users: [], contexts: [] }
  try {
    const config = parse(text ?? '') as Partial<Kubeconfig> | null
    const lists = [config?.clusters, config?.users, config?.contexts]
    return lists.every(Array.isArray) ? (config as Kubeconfig) : empty
  } catch {
    return empty
  }
}

function put<Entry extends { name: string }>(list: Entry[], entry: Entry): Entry[] {
  return [...list.filter(({ name }) => name !== entry.name), entry]
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
