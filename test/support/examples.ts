import { globSync, readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import type { UnknownObject } from '#src/api/object.ts'

/** One file of docs/examples, which is about one kind. */
export interface Example {
  readonly file: string
  /** What it is about. */
  readonly object: UnknownObject
  /** That and what has to be there before it, in the order of the file. */
  readonly documents: readonly UnknownObject[]
}

/** Every example, in the order of the names of the files. */
export const examples: readonly Example[] = globSync('docs/examples/*.yaml')
  .toSorted()
  .map(file => {
    const documents = parseAllDocuments(readFileSync(file, 'utf8')).map(
      document => document.toJS() as UnknownObject,
    )
    return { file, documents, object: documents.at(-1)! }
  })
