import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '#hack/local/api.ts'
import { inParallel } from './in-parallel.ts'
import { namespaceOf, slugOf } from './teams.ts'

const path = '/apis/kradle.a5c.ai/v1alpha1/namespaces/kradle-system/organizations'
const readyWithinMs = 600_000

/** Creates organisations `from` to `to` and waits until Kradle has made a namespace and a binding for each. */
export async function createOrganizations(api: Api, from: number, to: number): Promise<void> {
  const indexes = Array.from({ length: to - from }, (_, index) => from + index)
  await inParallel(indexes, 4, async index => {
    const slug = slugOf(index)
    const { status, body } = await api('POST', path, {
      apiVersion: 'kradle.a5c.ai/v1alpha1',
      kind: 'Organization',
      metadata: { name: slug },
      spec: { displayName: slug, namespaceName: namespaceOf(slug) },
    })
    if (status !== 201) throw new Error(`Organization ${slug}: ${status} ${body}`)
  })

  const deadline = Date.now() + readyWithinMs
  while ((await countReady(api)) < to) {
    if (Date.now() > deadline)
      throw new Error(`${to} organisations were not Ready in ${readyWithinMs / 1000} s`)
    await sleep(1_000)
  }
}

type Organizations = {
  items: { status?: { conditions?: { type: string; status: string }[] } }[]
}

async function countReady(api: Api): Promise<number> {
  const { items } = JSON.parse((await api('GET', path)).body) as Organizations
  return items.filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  ).length
}
