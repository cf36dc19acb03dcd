import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '#hack/local/api.ts'
import { writeDurably } from '#hack/local/durable.ts'
import { documents, type Manifest } from '#hack/local/manifests.ts'
import { Problem } from '#hack/local/problem.ts'
import type { Settings } from '#hack/local/settings.ts'
import { versions } from '#hack/versions.ts'
import { definitionFolders } from './modules.ts'

export type Definition = Manifest & {
  readonly spec: {
    readonly group: string
    readonly names: { readonly plural: string }
    readonly versions: readonly { readonly name: string; readonly served: boolean }[]
  }
}

/** Kyverno's definitions, out of the Go modules it is built from. Throws a Problem where these cannot be had. */
export async function kyvernoDefinitions(settings: Settings): Promise<readonly Definition[]> {
  const path = definitionsFile(settings)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Definition[]
  const folders = await definitionFolders(settings)
  const definitions = folders
    .flatMap(folder =>
      globSync('*.yaml', { cwd: folder })
        .toSorted()
        .map(file => join(folder, file)),
    )
    .flatMap(file => documents(readFileSync(file, 'utf8'), file) as Definition[])
  // Reading six megabytes of YAML takes seconds, and where there is no Go they would be out of reach.
  mkdirSync(dirname(path), { recursive: true })
  writeDurably(path, JSON.stringify(definitions))
  return definitions
}

/** Where they are kept once they were read. */
export const definitionsFile = (settings: Settings): string =>
  join(settings.cache, 'definitions', `kyverno-${versions.kyverno}.json`)

const servedWithinMs = 60_000

/**
 * Creates definitions, or brings them to this version, and waits until the API server serves them.
 *
 * One by one: applying them, which are large, all at once keeps an API server busy for longer than a request may take.
 */
export async function installDefinitions(
  api: Api,
  definitions: readonly Definition[],
): Promise<void> {
  for (const definition of definitions) await put(api, definition)
  const deadline = Date.now() + servedWithinMs
  for (const { metadata, spec } of definitions) {
    const version = spec.versions.find(({ served }) => served)?.name
    const path = `/apis/${spec.group}/${version}/${spec.names.plural}?limit=1`
    while ((await api('GET', path)).status !== 200) {
      if (Date.now() > deadline) throw new Problem(`${metadata.name} is not served`)
      await sleep(100)
    }
  }
}

const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

async function put(api: Api, definition: Definition): Promise<void> {
  const path = `${collection}/${definition.metadata.name}`
  const there = await api('GET', path)
  if (there.status === 200) {
    const { metadata } = JSON.parse(there.body) as {
      metadata: { labels?: Record<string, string>; resourceVersion: string }
    }
    if (metadata.labels?.[versionLabel] === versions.kyverno) return
    const { resourceVersion } = metadata
    expect(await api('PUT', path, labelled(definition, { resourceVersion })), definition)
  } else expect(await api('POST', collection, labelled(definition, {})), definition)
}

/** Tells those that are as they should be from those of another version. */
const versionLabel = 'app.kubernetes.io/version'

function labelled(definition: Definition, more: object): Definition {
  const { labels, ...metadata } = definition.metadata as Manifest['metadata'] & { labels?: object }
  return {
    ...definition,
    metadata: { ...metadata, ...more, labels: { ...labels, [versionLabel]: versions.kyverno } },
  } as Definition
}

function expect({ status, body }: { status: number; body: string }, { metadata }: Manifest): void {
  if (status >= 300) throw new Problem(`definition ${metadata.name}: ${status} ${body}`)
}
