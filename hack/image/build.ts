import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, ended } from '#hack/command.ts'
import type { Progress } from '#hack/local/progress.ts'
import { contentOf } from './base.ts'
import { stage } from './stage.ts'

export interface ImageOptions {
  /** A checkout. */
  readonly repository: string
  /** name:tag of what is built. */
  readonly tag: string
  /** Has `node`, and a user 1000. */
  readonly base: string
  /** Uses nothing of earlier builds. */
  readonly fresh?: boolean
}

export interface Image {
  readonly tag: string
  readonly id: string
  /** Digests of our layers, without those of the base. */
  readonly layers: readonly string[]
  /** In bytes. */
  readonly size: number
  readonly ownSize: number
  readonly sbom: string
}

/** Builds the image into docker. Needs docker, npm, and a base that docker has or can fetch. */
export async function buildImage(options: ImageOptions, progress: Progress): Promise<Image> {
  const { repository, tag, base, fresh = false } = options
  if ((await ended('docker', ['image', 'inspect', base])).code !== 0)
    await progress.task(`fetching ${base}`, () => command('docker', ['pull', '--quiet', base]))
  const folder = mkdtempSync(join(tmpdir(), 'kradle-image-'))
  try {
    const sbom = await progress.task('staging', async () =>
      stage(repository, folder, await contentOf(base)),
    )
    const flags = ['--network', 'none', '--build-arg', `BASE=${base}`, '--tag', tag]
    await progress.task(`building ${tag} on ${base}`, () =>
      command('docker', ['build', ...flags, ...(fresh ? ['--no-cache'] : []), folder]),
    )
    const [ours, theirs] = [await inspect(tag), await inspect(base)]
    return {
      tag,
      id: ours.Id,
      layers: ours.RootFS.Layers.slice(theirs.RootFS.Layers.length),
      size: ours.Size,
      ownSize: ours.Size - theirs.Size,
      sbom,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Inspected {
  readonly Id: string
  readonly Size: number
  readonly RootFS: { readonly Layers: readonly string[] }
}

async function inspect(image: string): Promise<Inspected> {
  const found = JSON.parse(await command('docker', ['image', 'inspect', image])) as Inspected[]
  return found[0]!
}
