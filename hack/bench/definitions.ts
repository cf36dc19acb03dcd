import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '#hack/local/api.ts'
import type { Manifest } from '#hack/local/manifests.ts'
import { put } from './configuration.ts'

export type Definition = Manifest & {
  readonly spec: {
    readonly group: string
    readonly names: {
      readonly plural: string
      readonly singular?: string | undefined
      readonly kind: string
    }
    readonly versions: readonly { readonly name: string; readonly served: boolean }[]
  }
}

const servedWithinMs = 60_000

/**
 * Creates definitions and waits until the API server serves them.
 *
 * Plainly created, one by one: applying those of Kyverno, which are large, all at
 * once keeps an API server busy for longer than a request may take.
 */
export async function define(api: Api, definitions: readonly Definition[]): Promise<void> {
  await put(api, definitions)
  const deadline = Date.now() + servedWithinMs
  for (const { metadata, spec } of definitions) {
    const version = spec.versions.find(({ served }) => served)?.name
    const path = `/apis/${spec.group}/${version}/${spec.names.plural}?limit=1`
    while ((await api('GET', path)).status !== 200) {
      if (Date.now() > deadline) throw new Error(`${metadata.name} is not served`)
      await sleep(100)
    }
  }
}
