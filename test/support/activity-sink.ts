import type { WatchSink } from '#src/apiserver/read/watch.ts'

/** Keeps what a watch says. */
export class KeepingSink implements WatchSink {
  readonly lines: Record<string, unknown>[] = []
  waiting = 0
  /** What `drained` says. */
  reads = true
  drains = 0
  onDrained: (() => void) | undefined
  ended = false
  isCut = false
  #wake: (() => void) | undefined

  send(frame: Buffer): void {
    this.lines.push(JSON.parse(frame.toString()) as Record<string, unknown>)
    this.#wake?.()
  }

  async drained(): Promise<boolean> {
    this.drains++
    this.onDrained?.()
    return this.reads
  }

  end(): void {
    this.ended = true
  }

  cut(): void {
    this.isCut = true
  }

  async take(count: number): Promise<Record<string, unknown>[]> {
    while (this.lines.length < count) await new Promise<void>(resolve => (this.#wake = resolve))
    return this.lines
  }
}
