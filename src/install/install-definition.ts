import { CustomResourceDefinition } from '#src/api/apiextensions/v1.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { isConflict, isTransient } from '#src/lib/api-error.ts'
import type { Client } from '#src/lib/client.ts'
import { sleep } from '#src/lib/clock.ts'
import { unestablished, type Definition } from './established.ts'
import { insist } from './insist.ts'
import { INSTALLER } from './names.ts'
import { takenOver } from './takeover.ts'

const LOOK_MS = 250

/** Applies one definition and waits until its objects can be written. Resolves to what is wrong with it, if anything. */
export async function installDefinition(
  client: Client,
  definition: KubernetesObject,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { name } = definition.metadata
  const again = (error: unknown) => isTransient(error) || isConflict(error)
  const read = () => client.get<Definition>(CustomResourceDefinition, name)
  try {
    // What is on its way out goes before its successor can come.
    await settled(read, live => !live?.metadata.deletionTimestamp, signal)
    await insist(async () => apply(client, definition, await read()), { signal, again })
    const why = unestablished(await settled(read, live => !unestablished(live), signal))
    return why && `${name}: ${why}`
  } catch (error) {
    return `${name}: ${(error as Error).message}`
  }
}

/** Looks until it holds or the time is over; resolves to what was seen last. */
async function settled(
  read: () => Promise<Definition | undefined>,
  holds: (live: Definition | undefined) => boolean,
  signal: AbortSignal,
): Promise<Definition | undefined> {
  for (;;) {
    const live = await insist(read, { signal })
    if (holds(live) || signal.aborted) return live
    await sleep(LOOK_MS, signal)
  }
}

async function apply(
  client: Client,
  definition: KubernetesObject,
  live: Definition | undefined,
): Promise<void> {
  const { name } = definition.metadata
  const managedFields = takenOver(live?.metadata.managedFields, INSTALLER)
  if (managedFields) {
    const { uid, resourceVersion } = live!.metadata
    const patch = { metadata: { uid, resourceVersion, managedFields } }
    await client.mergePatch(CustomResourceDefinition, { name }, patch, { fieldManager: INSTALLER })
  }
  const options = { fieldManager: INSTALLER, force: true }
  await client.apply(CustomResourceDefinition, definition, options)
}
