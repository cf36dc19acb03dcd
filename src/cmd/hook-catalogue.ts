import { resolve } from 'node:path'
import process from 'node:process'
import { KradleError } from '#src/lib/errors.ts'
import { installCatalogue } from '#src/install/install-catalogue.ts'
import { runHook } from '#src/install/run-hook.ts'
import { shippedTemplates } from '#src/install/shipped.ts'

const flags = {
  /** The name of a template to leave out, again and again: one that was only deleted would be back. */
  without: { type: 'string', multiple: true, default: [] as string[] },
} as const

/** Brings the policy templates of the catalogue into the cluster. In force is none of them before somebody binds it. */
await runHook(
  'hook-catalogue',
  process,
  { seconds: 300, flags },
  async ({ client, log, signal, flags: { without } }) => {
    const templates = shippedTemplates(resolve(import.meta.dirname, '../..'))
    const names = templates.map(({ metadata }) => metadata.name)
    const unknown = without.find(name => !names.includes(name))
    if (unknown !== undefined)
      throw new KradleError(
        'InvalidFlag',
        `--without ${unknown}: must be one of ${names.join(', ')}`,
      )
    if (templates.length === 0) return ['the image carries no templates in policies/']
    const wanted = templates.filter(({ metadata }) => !without.includes(metadata.name))
    return installCatalogue(client, wanted, { signal, log })
  },
)
