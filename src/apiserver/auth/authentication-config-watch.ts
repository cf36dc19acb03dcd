import { ConfigMap } from '#src/api/core/v1.ts'
import type { Client } from '#src/lib/client.ts'
import type { Logger } from '#src/lib/log.ts'
import { Reflector } from '#src/lib/reflector.ts'
import {
  nobody,
  readAuthenticationConfig,
  type AuthenticationConfig,
} from './authentication-config.ts'

/** Where kube-apiserver writes whom those behind it should believe. */
export const AUTHENTICATION_CONFIG = Object.freeze({
  name: 'extension-apiserver-authentication',
  namespace: 'kube-system',
})

/** Follows the ConfigMap. Needs get, list and watch on it (Role extension-apiserver-authentication-reader). */
export class AuthenticationConfigWatch {
  readonly #reflector: Reflector<ConfigMap>
  #current: AuthenticationConfig = nobody

  constructor(client: Client, log: Logger) {
    const { name, namespace } = AUTHENTICATION_CONFIG
    this.#reflector = new Reflector<ConfigMap>({
      client,
      log,
      kind: ConfigMap,
      namespace,
      fieldSelector: `metadata.name=${name}`,
    })
    this.#reflector.onChange((_, now) => {
      // One that is deleted says nothing; kube-apiserver writes it again within a minute.
      if (!now) return
      this.#current = readAuthenticationConfig(now.data ?? {}, this.#current)
      log.info(
        {
          frontProxyAuthorities: this.#current.frontProxyAuthorities.length,
          clientAuthorities: this.#current.clientAuthorities.length,
          allowedNames: this.#current.headers.allowedNames,
        },
        'whom to believe',
      )
    })
  }

  /** undefined until it has been read for the first time. */
  get current(): AuthenticationConfig | undefined {
    return this.#reflector.hasSynced ? this.#current : undefined
  }

  /** Resolves once it has been read. Rejects with an AbortError where `stop` comes first. */
  synced(): Promise<void> {
    return this.#reflector.synced()
  }

  start(): void {
    this.#reflector.start()
  }

  stop(): Promise<void> {
    return this.#reflector.stop()
  }
}
