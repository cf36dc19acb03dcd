import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { against } from '#src/check/against.ts'
import { complete } from '#src/check/complete.ts'
import { documentsIn, type Manifested } from '#src/check/documents.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Means } from '#src/check/judge.ts'
import { manifestOf } from '#src/check/manifest.ts'
import { offline } from '#src/check/offline.ts'
import { jsonReport, tableReport } from '#src/check/report.ts'
import { schemasIn } from '#src/check/schemas.ts'
import { settle, type World } from '#src/check/settle.ts'
import type { Verdict } from '#src/check/verdict.ts'
import { loadClient } from '#src/lib/client.ts'
import { KradleError } from '#src/lib/errors.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { registry as registryOf } from '#webhooks/registry.ts'

export const usage = `kradle check: says what the API server would say to manifests, without sending them

  kradle check -f <file or folder> [...]

  -f, --filename   a file, a folder with everything below it, or - for standard input; may be repeated
      --with       a file or folder of objects that are there already; left out, organisations are taken as given
      --against    a kubeconfig: what is there is read from its cluster, and what you may do is asked
  -n, --namespace  where manifests go that name no namespace
  -o, --output     table or json

Without --against nobody knows what you may do: what the rules would ask is listed as assumed.
Exits with 0 where everything would be accepted, with 1 where something would be refused, with 2 where it could not be checked.
`

const options = {
  filename: { type: 'string', short: 'f', multiple: true },
  with: { type: 'string', multiple: true },
  against: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  output: { type: 'string', short: 'o', default: 'table' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Runs `kradle check`; resolves with its exit code. Throws where it cannot be checked. */
export async function check(
  args: readonly string[],
  print: (text: string) => void,
): Promise<0 | 1> {
  const flags = parse(args)
  if (flags.help) {
    print(usage)
    return 0
  }
  const { filename = [], output } = flags
  if (filename.length === 0) throw invalid('-f is missing: say which manifests to check')
  if (output !== 'table' && output !== 'json')
    throw invalid(`--output ${output}: must be table or json`)
  if (flags.with && flags.against !== undefined)
    throw invalid('--with and --against both say what is there: give one of them')

  const registry = registryOf(rules, mutations)
  const read = (await documentsAt(filename)).map(document =>
    manifestOf(document, registry, flags.namespace),
  )
  const objects = read.flatMap(({ object }) => object ?? [])
  const means: Means = {
    registry,
    schemas: schemasIn(resolve(import.meta.dirname, '../../crds')),
    user: { username: 'you', groups: ['system:authenticated'] },
  }
  const { world, close } = await worldOf(flags, objects, means)
  try {
    const verdicts: Verdict[] = []
    for (const one of read) {
      verdicts.push(one.verdict ?? (await settle(one.manifest, means, world)))
      // What nothing is said about can be named by what comes after it.
      if (one.verdict && one.object) world.store(one.object)
    }
    print(output === 'json' ? jsonReport(verdicts) : tableReport(verdicts))
    return verdicts.some(({ result }) => result === 'refused') ? 1 : 0
  } finally {
    close()
  }
}

async function worldOf(
  flags: ReturnType<typeof parse>,
  objects: readonly KubernetesObject[],
  { registry, schemas }: Means,
): Promise<{ world: World; close: () => void }> {
  const now = new Date()
  if (flags.against !== undefined) {
    const client = loadClient({ kubeconfig: flags.against })
    return { world: against(client, now), close: () => client.close() }
  }
  const documents = flags.with && (await documentsAt(flags.with))
  const existing = documents?.flatMap(document => {
    const { verdict, object } = manifestOf(document, registry, flags.namespace)
    const [cause] = verdict?.causes ?? []
    if (cause) throw invalid(`${document.file}:${document.line}: ${cause.message}`)
    return object ? complete(object, schemas) : []
  })
  return { world: offline(objects, existing, now), close: () => {} }
}

/** The manifests of files, and of all files of folders in the order of their names. */
async function documentsAt(paths: readonly string[]): Promise<readonly Manifested[]> {
  // Not by a read that blocks: npm leaves its standard input so that one fails where nothing has come yet.
  const given = paths.includes('-') ? await text(process.stdin) : ''
  return paths.flatMap(path =>
    path === '-'
      ? documentsIn('-', given)
      : filesAt(path).flatMap(file => documentsIn(file, readFileSync(file, 'utf8'))),
  )
}

function filesAt(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path]
  return filesIn(path)
}

/** As kubectl walks: by name, folders where their names put them. Links are left alone, for they may lead anywhere. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return filesIn(path)
      return entry.isFile() && /\.(yaml|yml|json)$/.test(entry.name) ? path : []
    })
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    throw invalid((error as Error).message)
  }
}

const invalid = (message: string): KradleError => new KradleError('InvalidFlag', message)
