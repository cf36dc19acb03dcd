import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { explain, Problem } from '#hack/local/problem.ts'
import { progressOn } from '#hack/local/progress.ts'
import { buildImage } from './build.ts'

/** `npm run image`: one image for every Deployment, into docker. */
function flagsIn(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        tag: { type: 'string', default: 'kradle/kradle:dev' },
        base: { type: 'string', default: 'node:24-bookworm-slim' },
        /** Where to put the SBOM, besides into the image. */
        sbom: { type: 'string' },
        /** Builds every step again. */
        fresh: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new Problem((error as Error).message, { cause: error })
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

try {
  const { sbom, ...flags } = flagsIn(process.argv.slice(2))
  const repository = resolve(import.meta.dirname, '../..')
  const image = await buildImage({ repository, ...flags }, progressOn(process.stdout))
  if (sbom !== undefined) writeFileSync(sbom, image.sbom)
  process.stdout.write(
    [
      `${image.tag} ${image.id}`,
      `${megabytes(image.size)} in total, ${megabytes(image.ownSize)} of them ours`,
      ...image.layers.map(layer => `layer ${layer}`),
      '',
    ].join('\n'),
  )
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
