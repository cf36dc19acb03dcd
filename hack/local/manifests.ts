import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { Problem } from './problem.ts'

export type Manifest = {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}
export type Manifests = {
  readonly crds: readonly Manifest[]
  readonly rbac: readonly Manifest[]
  readonly policies: readonly Manifest[]
}

/** What `install` brings into a cluster. The webhook configurations are not here: they come with the process that serves them. */
export function readManifests(repository: string): Manifests {
  const read = (...patterns: string[]) =>
    patterns
      .flatMap(pattern => globSync(pattern, { cwd: repository }).toSorted())
      .flatMap(file => documents(readFileSync(join(repository, file), 'utf8'), file))
  return {
    crds: read('crds/**/*.yaml').filter(({ kind }) => kind === 'CustomResourceDefinition'),
    rbac: read('charts/kradle/files/{personas,rbac}.yaml'),
    policies: read('charts/kradle/admission/*.yaml'),
  }
}

export function documents(text: string, file: string): Manifest[] {
  return parseAllDocuments(text)
    .map(document => {
      if (document.errors[0]) throw new Problem(`${file}: ${document.errors[0].message}`)
      return document.toJS() as Manifest | null
    })
    .filter(manifest => manifest !== null)
}
