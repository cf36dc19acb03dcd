import { createHash } from 'node:crypto'
import type { BaseContent } from './base.ts'

/** As much of CycloneDX as is changed here. */
export interface Bom {
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
  readonly specVersion: string
}

interface Component {
  readonly 'bom-ref': string
  readonly type: string
  readonly name: string
  readonly version?: string
  readonly purl?: string
}

/**
 * The bill of materials of an image: npm's of our packages, and what its base has.
 * The same commit on the same base gives the same text, so npm's time, its random number
 * and its own version are left out.
 */
export function sbomOf(npm: Bom, base: BaseContent): string {
  const { component } = npm.metadata
  const content = {
    metadata: { component },
    components: sorted([...npm.components, ...componentsOf(base)], each => each['bom-ref']),
    dependencies: sorted(npm.dependencies, ({ ref }) => ref).map(({ ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.toSorted(),
    })),
  }
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: npm.specVersion,
    serialNumber: serialOf(JSON.stringify(content)),
    version: 1,
    ...content,
  }
  return `${JSON.stringify(bom, undefined, 2)}\n`
}

function componentsOf({ node, distribution, packages }: BaseContent): Component[] {
  const purl = `pkg:generic/node@${node}`
  return [
    { 'bom-ref': purl, type: 'application', name: 'node', version: node, purl },
    ...packages.map(({ name, version, architecture }) => {
      const its =
        `pkg:deb/debian/${name}@${encodeURIComponent(version)}` +
        `?arch=${architecture}&distro=${distribution}`
      return { 'bom-ref': its, type: 'library', name, version, purl: its }
    }),
  ]
}

const sorted = <T>(list: readonly T[], key: (item: T) => string): T[] =>
  list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))

/** Looks like a random one, as the format demands, and follows from the content. */
function serialOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return `urn:uuid:${parts.join('-')}`
}
