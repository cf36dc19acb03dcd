import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '#hack/local/api.ts'
import { inParallel } from './in-parallel.ts'
import { seeds } from './pods.ts'
import { namespaceOf, slugOf } from './teams.ts'
import type { Writer } from './writer.ts'

/** Enough to keep an API server busy: most of the time a write waits for the disk. */
export const seeders = 64

const accountsWithinMs = 600_000

/** A Secret for each organisation, and its share of the grants. Call it while nobody judges. */
export async function seed(
  writer: Writer,
  { organizations, grants }: { organizations: number; grants: number },
  note: (detail: string) => void,
): Promise<void> {
  const slugs = Array.from({ length: organizations }, (_, index) => slugOf(index))
  let done = 0
  await inParallel(seeds(slugs, grants), seeders, async write => {
    const { status, body } = await writer.create(write, { dryRun: false })
    if (status !== 201) throw new Error(`${write.path}: ${status} ${body}`)
    if (++done % 1_000 === 0) note(`${done} of ${slugs.length + grants}`)
  })
}

/** Waits until the namespaces of organisations have their account `default`, without which no Pod passes. */
export async function untilAccounts(api: Api, organizations: number): Promise<void> {
  const wanted = Array.from({ length: organizations }, (_, index) => namespaceOf(slugOf(index)))
  const deadline = Date.now() + accountsWithinMs
  for (;;) {
    const path = '/api/v1/serviceaccounts?fieldSelector=metadata.name%3Ddefault'
    const { items } = JSON.parse((await api('GET', path)).body) as {
      items: { metadata: { namespace: string } }[]
    }
    const there = new Set(items.map(({ metadata }) => metadata.namespace))
    const missing = wanted.filter(namespace => !there.has(namespace))
    if (missing.length === 0) return
    if (Date.now() > deadline)
      throw new Error(`no account "default" in ${missing.length} namespaces, e.g. ${missing[0]}`)
    await sleep(1_000)
  }
}
