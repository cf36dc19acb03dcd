import { globSync, readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { orgNamespace, PLATFORM_NAMESPACE } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'

/** An object as it stands in a manifest. */
export interface Manifest extends KubernetesObject {
  readonly spec?: Record<string, unknown>
  readonly status?: Record<string, unknown>
}

/** What docs/examples has: the example of a kind is the last document of the file that is named after it. */
export interface Examples {
  /** By kind. */
  readonly of: ReadonlyMap<string, Manifest>
  /** What examples need around them: Secrets, ConfigMaps, objects of other kinds. */
  readonly needed: readonly Manifest[]
}

/** Reads every example. Throws with the file's name where its last document is of another kind. */
export function readExamples(folder = 'docs/examples'): Examples {
  const of = new Map<string, Manifest>([[binding.kind, binding]])
  const needed: Manifest[] = []
  for (const file of globSync(`${folder}/*.yaml`).toSorted()) {
    const documents = parseAllDocuments(readFileSync(file, 'utf8')).map(
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
