import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ControlPlane } from './control-plane.ts'
import { install } from './install.ts'
import { documents, type Manifest } from './manifests.ts'

const repository = resolve(import.meta.dirname, '../..')

/** The policy templates that come with Kradle. */
export const catalogue = (): Manifest[] =>
  globSync('policies/*/template.yaml', { cwd: repository })
    .toSorted()
    .flatMap(file => documents(readFileSync(join(repository, file), 'utf8'), file))

/** Brings them into a cluster in which Kradle already judges what is written. In force is none before somebody binds it. */
export const installCatalogue = (
  controlPlane: Pick<ControlPlane, 'server' | 'adminCertificate'>,
): Promise<void> => install(controlPlane, { crds: [], rbac: [], policies: catalogue() })
