import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'

/** The definitions that the API server itself serves; `root` is the folder that has crds/ in it. */
export const shippedDefinitions = (root: string): readonly KubernetesObject[] =>
  read(root, 'crds/*/*.yaml').filter(({ kind }) => kind === CustomResourceDefinition.kind)

/** The policy templates that come with Kradle; `root` is the folder that has policies/ in it. */
export const shippedTemplates = (root: string): readonly PolicyTemplate[] =>
  read(root, 'policies/*/template.yaml').filter(
    (object): object is PolicyTemplate => object.kind === PolicyTemplate.kind,
  )

const read = (root: string, pattern: string): readonly KubernetesObject[] =>
  globSync(pattern, { cwd: root })
    .toSorted()
    .flatMap(file => parseAllDocuments(readFileSync(join(root, file), 'utf8')))
    .map(document => document.toJS() as KubernetesObject)
