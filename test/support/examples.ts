import { globSync, readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'

/** An object as it stands in a manifest. */
export interface Manifest extends KubernetesObject {
  readonly spec?: Record<string, unknown>
  readonly status?: Record<string, unknown>
}

/** What docs/examples has, and docs/dated-examples: the example of a kind is the last document of the file that is named after it. */
export interface Examples {
  /** By kind. */
  readonly of: ReadonlyMap<string, Manifest>
  /** What examples need around them: Secrets, ConfigMaps, objects of other kinds. */
  readonly needed: readonly Manifest[]
}

/** The files of examples that can be applied as soon as there is an organisation, and of those that have to be dated first. */
export const exampleFiles = (folder = 'docs/examples'): readonly string[] =>
  globSync(
    folder === 'docs/examples' ? 'docs/{examples,dated-examples}/*.yaml' : `${folder}/*.yaml`,
  ).toSorted()

/** The text of such a file; what would be out of date, or too far away, is a week from `now`. */
export function textOf(file: string, now = new Date()): string {
  const text = readFileSync(file, 'utf8')
  const inAWeek = new Date(now.getTime() + 7 * 24 * 60 * 60 * 1000).toISOString()
  return file.includes('/dated-examples/')
    ? text.replaceAll(/(?<=expiresAt: )'[^']+'/g, `'${inAWeek.slice(0, 19)}Z'`)
    : text
}

/** Reads every example. Throws with the file's name where its last document is of another kind. */
export function readExamples(folder = 'docs/examples', now = new Date()): Examples {
  const of = new Map<string, Manifest>([[binding.kind, binding]])
  const needed: Manifest[] = []
  for (const file of exampleFiles(folder)) {
    const documents = parseAllDocuments(textOf(file, now)).map(
      document => document.toJS() as Manifest,
    )
    const example = documents.pop()
    if (!example || !file.endsWith(`/${example.kind.toLowerCase()}.yaml`))
      throw new Error(`${file}: its last document is of kind ${example?.kind ?? 'nothing'}`)
    of.set(example.kind, example)
    needed.push(...documents)
  }
  return { of, needed }
}

/** The identity controller makes it, and nobody has to write one; so it is no file. */
const binding: Manifest = {
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'OrgNamespaceBinding',
  metadata: { name: 'acme', namespace: PLATFORM_NAMESPACE },
  spec: { organizationRef: 'acme', namespace: orgNamespace('acme') },
}
