import { resolve } from 'node:path'
import { installCatalogue as installTemplates } from '#src/install/install-catalogue.ts'
import { shippedTemplates } from '#src/install/shipped.ts'
import { loadClient } from '#src/lib/client.ts'
import type { ControlPlane } from './control-plane.ts'
import { Problem } from './problem.ts'
import type { Progress } from './progress.ts'

const within = 60_000

/** Brings the policy templates of Kradle into a cluster, as the hook of the chart does. In force is none before somebody binds it. */
export async function installCatalogue(
  controlPlane: Pick<ControlPlane, 'adminKubeconfig'>,
  progress: Progress,
): Promise<void> {
  const templates = shippedTemplates(resolve(import.meta.dirname, '../..'))
  const client = loadClient({ kubeconfig: controlPlane.adminKubeconfig })
  try {
    const [problem] = await installTemplates(client, templates, {
      signal: AbortSignal.timeout(within),
      log: {
        info: () => {},
        warn: ({ template }: { template?: string }, message?: string) =>
          progress.line(`policy template ${template} was ${message}`),
      },
    })
    if (problem !== undefined) throw new Problem(problem)
  } finally {
    client.close()
  }
}
