import { command, ended } from '#hack/command.ts'
import { restartsIn } from './restarts.ts'
import type { Stand } from './stand.ts'

const HERE = ['-n', 'kradle-system']
const LINES = 3

/** Whoever of Kradle's began again, why, and the last that it had said: no failure, for a node may be busy, but nothing to overlook. */
export async function restarted({ kubectl, env }: Stand): Promise<readonly string[]> {
  const pods = await command(kubectl, ['get', 'pods', ...HERE, '-o', 'json'], { env })
  const lines = restartsIn(pods).map(async ({ pod, container, times, why }) => {
    const args = ['logs', pod, '-c', container, ...HERE, '--previous', `--tail=${LINES}`]
    const { stdout, stderr } = await ended(kubectl, args, { env })
    const said = (stdout || stderr).trim().split('\n')
    return [
      `${pod} began again ${times} times, last: ${why}; it had said:`,
      ...said.map(line => `  ${line.slice(0, 1_000)}`),
    ]
  })
  return (await Promise.all(lines)).flat()
}
