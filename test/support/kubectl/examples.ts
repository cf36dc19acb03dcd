import { globSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ConfigMap, Secret } from '#src/api/core/v1.ts'
import { apiVersionOf } from '#src/api/kind.ts'
import { everyKind } from '#src/api/kinds.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'
import { readDefinitions } from '#src/apiserver/definitions.ts'
import type { Resource } from '#src/apiserver/resource.ts'
import type { Client } from '#src/lib/client.ts'
import { readExamples, type Manifest } from '#test/support/examples.ts'

/** An activity kind as it is defined, with its example. */
export interface Shown {
  readonly resource: Resource
  readonly example: Manifest
  /** How kubectl finds the example: TYPE.GROUP/NAME. */
  readonly ref: string
}

/** Every activity kind; throws where one has no example. */
export function activityExamples(): readonly Shown[] {
  const { of } = readExamples('docs/activity-examples')
  return readDefinitions('crds/activity').map(resource => {
    const { kind, plural, group } = resource.kind
    const example = of.get(kind)
    if (!example) throw new Error(`docs/activity-examples has no example of ${kind}`)
    return { resource, example, ref: `${plural}.${group}/${example.metadata.name}` }
  })
}

/** Every file of both folders of examples but the organisation's, in an order that is the same every time and nothing like the alphabet. */
export const exampleFiles: readonly string[] = shuffled(
  globSync('docs/{examples,activity-examples}/*.yaml')
    .filter(file => !file.endsWith('/organization.yaml'))
    .toSorted(),
)

/** Writes examples into a new folder, to be applied in the given order, for an organisation of another name. */
export function exampleFolder(slug: string, files: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'kradle-examples-'))
  for (const [index, file] of files.entries()) {
    const place = String(index).padStart(3, '0')
    writeFileSync(join(folder, `${place}-${basename(file)}`), forOrganization(slug, file))
  }
  return folder
}

/** What an example says, of an organisation of another name. */
export const forOrganization = (slug: string, file: string): string =>
  readFileSync(file, 'utf8')
    .replaceAll('kradle-org-acme', `kradle-org-${slug}`)
    .replaceAll('name: acme', `name: ${slug}`)

function shuffled(list: readonly string[]): readonly string[] {
  const rank = (file: string): number => (list.indexOf(file) * 37 + 11) % 101
  return list.toSorted((one, other) => rank(one) - rank(other))
}

/** Creates every example, in rounds until what each names is there; throws with the refusals that stay. */
export async function createExamples(client: Client): Promise<void> {
  const folders = ['docs/examples', 'docs/activity-examples'].map(folder => readExamples(folder))
  const manifests = folders
    .flatMap(({ of, needed }) => [...needed, ...of.values()])
    .filter(({ metadata }) => metadata.namespace !== PLATFORM_NAMESPACE)
  let left: readonly Manifest[] = manifests
  for (let refusals: readonly string[] = ['']; refusals.length > 0;) {
    const answers = await Promise.all(left.map(manifest => created(client, manifest)))
    const rest = left.filter((_, index) => answers[index] !== '')
    refusals = answers.filter(answer => answer !== '')
    if (rest.length > 0 && rest.length === left.length) throw new Error(refusals.join('\n'))
    left = rest
  }
}

/** The refusal; '' where it is there now. */
async function created(client: Client, manifest: Manifest): Promise<string> {
  const { apiVersion, kind, metadata } = manifest
  const known = [...everyKind, Secret, ConfigMap].find(
    one => apiVersionOf(one) === apiVersion && one.kind === kind,
  )
  if (!known) throw new Error(`docs/examples has a ${kind} of ${apiVersion}`)
  return client.apply(known, manifest, { fieldManager: 'test', force: true }).then(
    () => '',
    (error: Error) => `${kind} ${metadata.name}: ${error.message}`,
  )
}
