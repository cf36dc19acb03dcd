import { callerTo, expecting, type Call } from '../caller.ts'
import { creation } from '../activity/issues.ts'
import { inParallel } from '../in-parallel.ts'
import { complete, namespaceOf, slugOf, teamsPath } from '../teams.ts'
import type { ScanStand } from './stand.ts'
import type { ScanOptions } from './options.ts'

const kinds = ['Team', 'Repository', 'Pod', 'Issue'] as const
type ScannedKind = (typeof kinds)[number]

const clients = 16

/** Creates all of them, each as somebody would: whatever judges writes judges these. */
export async function populate(
  { controlPlane }: ScanStand,
  { organizations, objects }: ScanOptions,
  note: (detail: string) => void,
): Promise<void> {
  const caller = callerTo(controlPlane.server, controlPlane.adminCertificate, clients)
  let done = 0
  try {
    await inParallel(
      Array.from({ length: objects }, (_, index) => index),
      clients,
      async index => {
        const kind = kinds[index % kinds.length]!
        const slug = slugOf(Math.floor(index / kinds.length) % organizations)
        await expecting(caller, callOf[kind](slug, `scanned-${index}`), 201)
        if (++done % 500 === 0) note(`${done} of ${objects}`)
      },
    )
  } finally {
    caller.close()
  }
}

const callOf: Readonly<Record<ScannedKind, (slug: string, name: string) => Call>> = {
  Team: (slug, name) => {
    const { path, body } = complete(slug, name)
    return { method: 'POST', path, body }
  },
  Repository: (slug, name) =>
    post(teamsPath('kradle.a5c.ai', slug).replace(/teams$/, 'repositories'), {
      apiVersion: 'kradle.a5c.ai/v1alpha1',
      kind: 'Repository',
      metadata: { name, labels: { 'kradle.a5c.ai/org': slug } },
      spec: { organizationRef: slug, visibility: 'private', defaultBranch: 'main' },
    }),
  Pod: (slug, name) =>
    post(`/api/v1/namespaces/${namespaceOf(slug)}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: 'bench' } },
      spec: {
        automountServiceAccountToken: false,
        containers: [
          {
            name: 'main',
            image: 'registry.invalid/main:1',
            env: Array.from({ length: 10 }, (_, at) => ({ name: `NAME_${at}`, value: 'value' })),
            resources: { limits: { cpu: '1', memory: '1Gi' } },
          },
        ],
      },
    }),
  Issue: (slug, name) => {
    const { path, body } = creation('kradle', slug, name)
    const { spec, ...object } = JSON.parse(String(body)) as { spec: { author: string } }
    // Whoever writes it is its author.
    const { author: _, ...rest } = spec
    return post(path, { ...object, spec: rest })
  },
}

const post = (path: string, object: object): Call => ({
  method: 'POST',
  path,
  body: Buffer.from(JSON.stringify(object)),
})
