import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { resourceOf, type Kind } from '#src/api/kind.ts'
import { compile, type Compiled } from '#src/lib/schema/compile.ts'

/** The schema of a kind, undefined for one that has no definition here. */
export type Schemas = (kind: Kind) => Compiled | undefined

/** The definitions of a folder; each is compiled when it is first asked for. Throws for one that cannot be. */
export function schemasIn(folder: string): Schemas {
  const files = globSync('**/*.yaml', { cwd: folder })
  const definitions = new Map(
    files.map(file => {
      const definition = parse(readFileSync(join(folder, file), 'utf8'))
      return [definition.metadata.name as string, definition]
    }),
  )
  const compiled = new Map<string, Compiled>()
  return kind => {
    const resource = resourceOf(kind)
    const known = compiled.get(resource)
    if (known) return known
    const definition = definitions.get(resource)
    if (!definition) return undefined
    const fresh = compile(definition.spec.versions[0].schema.openAPIV3Schema)
    compiled.set(resource, fresh)
    return fresh
  }
}
