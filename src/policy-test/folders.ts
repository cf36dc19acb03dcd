import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { apiVersionOf } from '#src/api/kind.ts'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { documentsIn } from '#src/check/documents.ts'
import { KradleError } from '#src/lib/errors.ts'
import { policyTestOf, type PolicyTest } from './document.ts'

/** A template and the tests beside it. */
export interface Tested {
  /** The path of its template.yaml. */
  readonly file: string
  readonly template: PolicyTemplate
  readonly tests: readonly PolicyTest[]
}

/**
 * The templates below these folders, by name: each is a folder with a template.yaml, and its tests are the files of its
 * folder tests. Links are not followed. Throws for what cannot be read, and where there is nothing to test.
 */
export function testedIn(folders: readonly string[]): readonly Tested[] {
  const files = folders.flatMap(templatesBelow)
  if (files.length === 0) throw invalid(`no template.yaml below ${folders.join(', ')}`)
  return files.map(file => ({
    file,
    template: templateIn(file),
    tests: filesOf(join(dirname(file), 'tests')).flatMap(testsIn),
  }))
}

function templatesBelow(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw invalid(`${folder}: is no folder`)
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap(entry => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : templatesBelow(path)
      return entry.isFile() && entry.name === 'template.yaml' ? path : []
    })
}

function filesOf(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw invalid(`${folder}: is missing; a template has tests beside it`)
  const names = readdirSync(folder).filter(name => /\.ya?ml$/.test(name))
  if (names.length === 0) throw invalid(`${folder}: has no tests`)
  return names.toSorted().map(name => join(folder, name))
}

function templateIn(file: string): PolicyTemplate {
  const [first, ...others] = documentsOf(file)
  const { apiVersion, kind, spec } = (first?.value ?? {}) as Partial<PolicyTemplate>
  if (others.length > 0) throw invalid(`${file}: holds more than one object`)
  if (apiVersion !== apiVersionOf(PolicyTemplate) || kind !== PolicyTemplate.kind || !spec?.kyverno)
    throw invalid(`${file}: is no PolicyTemplate`)
  return first!.value as PolicyTemplate
}

const testsIn = (file: string): readonly PolicyTest[] =>
  documentsOf(file).map(({ value, line }) => {
    try {
      return policyTestOf(value)
    } catch (error) {
      throw invalid(`${file}:${line}: ${(error as Error).message}`)
    }
  })

function documentsOf(file: string) {
  const documents = documentsIn(file, readFileSync(file, 'utf8'))
  const broken = documents.find(({ problem }) => problem !== undefined)
  if (broken) throw invalid(`${file}:${broken.line}: ${broken.problem}`)
  return documents
}

const invalid = (message: string): KradleError => new KradleError('InvalidPolicyTest', message)
