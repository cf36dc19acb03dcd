import { homedir } from 'node:os'
import { join } from 'node:path'
import { command } from '#hack/command.ts'
import type { Provider } from './provider.ts'

/** By a tool for machines that reach no image registry, in the folder that $KRADLE_KIND_TOOLS names. */
export function offline(tools: string, env: NodeJS.ProcessEnv): Provider {
  const run = async (tool: string, ...args: string[]) =>
    (await command(join(tools, tool), args, { loud: true })).trim()
  const cache = env['KRADLE_KIND_CACHE'] || join(homedir(), '.cache/kradle-kind')
  return {
    base: 'kradle/node-base:24',
    path: [join(cache, 'bin')],
    extraImages: ['postgres'],
    async prepareBase() {
      await run('extra-images', 'node-base')
    },
    create(name) {
      return run('create-cluster', '--name', name, '--workers', '1')
    },
    async load(name, images) {
      await run('load-images', name, ...images)
    },
    async installKyverno(kubeconfig, flags) {
      await run('install-kyverno', kubeconfig, ...flags)
    },
    async delete(name) {
      await run('delete-cluster', '--name', name)
    },
  }
}
