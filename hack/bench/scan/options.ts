import type { Presets } from '../options.ts'

export type ScanOptions = {
  /** Passes that are timed after the first, which writes. */
  readonly passes: number
  readonly organizations: number
  /** Of all organisations together, a quarter each: Teams, Repositories, Pods, Issues. */
  readonly objects: number
}

export const scanPresets: Presets<ScanOptions> = {
  usual: { passes: 5, organizations: 50, objects: 2_000 },
  quick: { passes: 2, organizations: 10, objects: 1_000 },
}
