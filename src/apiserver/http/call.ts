import type { ServerResponse } from 'node:http'
import type { UserInfo } from '#src/api/admission/v1.ts'
import { StatusError, timedOut } from '../status-error.ts'
import type { Target } from './request-info.ts'
import { timeoutMs } from './deadline.ts'
import { Warnings } from './warnings.ts'

/** Nobody is told this; it only ends what was begun. */
const gone = (): StatusError => new StatusError(499, 'ClientClosedRequest', 'the client has gone')

/** Why a watch is ended whose server goes away. */
export const drained = (): StatusError =>
  new StatusError(503, 'ServiceUnavailable', 'the server is shutting down', {
    retryAfterSeconds: 1,
  })

/** One request on its way through the server. */
export class Call {
  readonly target: Target
  readonly warnings = new Warnings()
  readonly #controller = new AbortController()
  readonly #response: ServerResponse
  readonly #begun = process.hrtime.bigint()
  user: UserInfo = {}
  #timer: NodeJS.Timeout | undefined
  #leave: (() => void) | undefined

  constructor(target: Target, response: ServerResponse, onClose: () => void) {
    this.target = target
    this.#response = response
    response.once('close', () => {
      clearTimeout(this.#timer)
      if (!response.writableFinished) this.abort(gone())
      this.#leave?.()
      onClose()
    })
  }

  /** Aborted when the client goes, or the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Seconds since the headers were here. */
  get seconds(): number {
    return Number(process.hrtime.bigint() - this.#begun) / 1e9
  }

  get verb(): string {
    return this.target.type === 'resource' ? this.target.info.verb : 'other'
  }

  /** The plural of the resource, '' where it is none that is served. */
  get resource(): string {
    return this.target.type === 'resource' ? this.target.info.resource.kind.plural : ''
  }

  get isWatch(): boolean {
    return this.verb === 'watch'
  }

  abort(reason: Error): void {
    this.#controller.abort(reason)
  }

  /** From now on the time counts: at most `most` milliseconds. Throws StatusError 400 where the query is wrong. */
  limitTime(most: number): void {
    if (this.isWatch) return
    const ms = this.target.type === 'resource' ? timeoutMs(this.target.info.query, most) : most
    this.#timer = setTimeout(() => {
      this.abort(timedOut())
      // Whoever does not read what he asked for shall not keep it here; kube-apiserver breaks off as well.
      if (this.#response.headersSent) this.#response.destroy()
    }, ms)
  }

  /** What is to be done when it is over. */
  onLeave(leave: () => void): void {
    this.#leave = leave
  }
}
