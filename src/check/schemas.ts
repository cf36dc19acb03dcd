import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import type { Definition } from '#src/lib/schema/definition.ts'
import { compile, type Evaluator } from '#src/lib/schema/evaluator.ts'

/** The schema of a kind, undefined for one that has no definition here. */
export type Schemas = (kind: Kind) => Evaluator | undefined

/** The definitions of a folder; each is compiled when it is first asked for. Throws for one that cannot be. */
export function schemasIn(folder: string): Schemas {
  const files = globSync('**/*.yaml', { cwd: folder })
  const definitions = new Map(
    files.map(file => {
      const { metadata, ...definition } = parse(readFileSync(join(folder, file), 'utf8'))
      return [metadata.name as string, definition as Definition]
    }),
  )
  const compiled = new Map<string, Evaluator>()
  return kind => {
    const resource = resourceOf(kind)
    const known = compiled.get(resource)
    if (known) return known
    const definition = definitions.get(resource)
    if (!definition) return undefined
    const fresh = compile(definition)
    compiled.set(resource, fresh)
    return fresh
  }
}
