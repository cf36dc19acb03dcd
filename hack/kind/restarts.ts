/** A container that ended and was started again. */
export interface Restart {
  readonly pod: string
  readonly container: string
  readonly times: number
  /** Why it ended last: `Error, exit code 1`. */
  readonly why: string
}

interface Pods {
  readonly items: readonly {
    readonly metadata: { readonly name: string }
    readonly status: {
      readonly containerStatuses?: readonly {
        readonly name: string
        readonly restartCount: number
        readonly lastState?: {
          readonly terminated?: { readonly reason?: string; readonly exitCode: number }
        }
      }[]
    }
  }[]
}

/** What `kubectl get pods -o json` says about them. */
export function restartsIn(json: string): Restart[] {
  const { items } = JSON.parse(json) as Pods
  return items.flatMap(({ metadata, status: { containerStatuses = [] } }) =>
    containerStatuses
      .filter(({ restartCount }) => restartCount > 0)
      .map(({ name, restartCount, lastState }) => {
        const { reason = 'ended', exitCode } = lastState?.terminated ?? {}
        const why = exitCode === undefined ? 'nobody knows why' : `${reason}, exit code ${exitCode}`
        return { pod: metadata.name, container: name, times: restartCount, why }
      }),
  )
}
