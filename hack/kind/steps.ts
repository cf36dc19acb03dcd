import { join } from 'node:path'
import { existsSync, mkdirSync } from 'node:fs'
import { command, ended } from '#hack/command.ts'
import { buildImage } from '#hack/image/build.ts'
import { writeAuditLog } from './audit.ts'
import { drills } from './drills.ts'
import { flowsSeen, watchFlows } from './flows-step.ts'
import type { Step } from './options.ts'
import { Findings, Skipped } from './report.ts'
import { installRelease } from './release.ts'
import { restarted } from './restarts-step.ts'
import { rightsUsed } from './rights-step.ts'
import type { Stand } from './stand.ts'
import { atRest, watchUsage } from './usage-step.ts'

/** Does one step; resolves to lines for the report, rejects with Findings or Skipped. */
type Do = (stand: Stand) => Promise<readonly string[]>

export const does: Readonly<Record<Step, Do>> = {
  cluster,
  audit,
  image,
  kyverno,
  install,
  rest: async stand => [...(await atRest(stand)), ...(await restarted(stand))],
  conformance,
  drills: runDrills,
  rights: rightsUsed,
  flows: flowsSeen,
}

async function cluster(stand: Stand): Promise<readonly string[]> {
  stand.kubeconfig = await stand.provider.create(stand.options.name)
  stand.env['KUBECONFIG'] = stand.kubeconfig
  const version = await kubectl(stand, 'version', '-o', 'json')
  const { serverVersion } = JSON.parse(version) as { serverVersion: { gitVersion: string } }
  return [`Kubernetes ${serverVersion.gitVersion}, KUBECONFIG=${stand.kubeconfig}`]
}

async function audit(stand: Stand): Promise<readonly string[]> {
  await writeAuditLog(stand.options.name, async () => {
    const { code } = await ended(stand.kubectl, ['get', '--raw', '/readyz'], { env: stand.env })
    return code === 0
  })
  return []
}

async function image(stand: Stand): Promise<readonly string[]> {
  const { image: tag, repository, provider, options, progress } = stand
  await provider.prepareBase()
  const built = await buildImage({ repository, tag, base: provider.base }, progress)
  await provider.load(options.name, [tag, ...provider.extraImages])
  const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
  return [`${size(built.size)}, of which ours ${size(built.ownSize)}: ${built.layers.join()}`]
}

async function kyverno(stand: Stand): Promise<readonly string[]> {
  // The namespace where exceptions count has to be there before, and never be any (contracts §9).
  const values = [
    'features.policyExceptions.enabled=true',
    'features.policyExceptions.namespace=kradle-system',
    'features.generateValidatingAdmissionPolicy.enabled=false',
    'features.generateMutatingAdmissionPolicy.enabled=false',
    'features.backgroundScan.backgroundScanInterval=30s',
  ]
  await stand.provider.installKyverno(
    stand.kubeconfig,
    values.flatMap(value => ['--set', value]),
  )
  return []
}

async function install(stand: Stand): Promise<readonly string[]> {
  const { helm, kubeconfig, image: tag, repository, options } = stand
  const chart = join(repository, 'charts/kradle')
  const since = Date.now()
  await installRelease({ helm, kubeconfig, chart, image: tag, values: options.values })
  const names = await kubectl(stand, 'get', 'deployments', '-n', 'kradle-system', '-o', 'name')
  for (const name of names.split('\n').filter(Boolean))
    await kubectl(stand, 'rollout', 'status', name, '-n', 'kradle-system', '--timeout=300s')
  return [
    `every Deployment is available ${((Date.now() - since) / 1000).toFixed(0)} s after helm install began`,
  ]
}

async function conformance(stand: Stand): Promise<readonly string[]> {
  const { repository, env } = stand
  if (!existsSync(join(repository, 'test/conformance/main.ts')))
    throw new Skipped('there is no test/conformance yet')
  const folder = join(repository, '.kradle/kind')
  mkdirSync(folder, { recursive: true })
  const args = ['test/conformance/main.ts', '--junit', join(folder, 'conformance.xml')]
  const [usage, flows] = [watchUsage(stand), watchFlows(stand)]
  const { code, stdout, stderr } = await ended(process.execPath, args, {
    cwd: repository,
    env,
    loud: true,
  })
  await flows.stop()
  const lines = [
    ...lastLines(stdout || stderr, 12),
    ...(await usage.stop()),
    ...(await restarted(stand)),
  ]
  process.stdout.write(stdout)
  if (code !== 0) throw new Findings([`exit code ${code}`, ...lines])
  return lines
}

/** One after the other: each of them takes away what the next one stands on, for a while. */
async function runDrills(stand: Stand): Promise<readonly string[]> {
  const { options, repository, env } = stand
  const wanted = drills.filter(
    name => options.drills.length === 0 || options.drills.some(start => name.startsWith(start)),
  )
  const lines: string[] = []
  let failed = false
  for (const name of wanted) {
    const since = Date.now()
    const tap = join(repository, 'node_modules/.bin/tap')
    const args = ['--disable-coverage', '--reporter=tap', `test/kind/${name}.test.ts`]
    const { code, stdout } = await ended(tap, args, { cwd: repository, env, loud: true })
    process.stdout.write(stdout)
    failed ||= code !== 0
    const seconds = ((Date.now() - since) / 1000).toFixed(0)
    lines.push(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
    lines.push(...telling(stdout).map(line => `       ${line}`))
  }
  if (failed) throw new Findings(lines)
  return lines
}

/** What a drill says itself, and what failed in it. */
const telling = (tap: string): string[] =>
  tap
    .split('\n')
    .filter(line => /^\s*(?:# (?!Subtest|time|No cov|\{)|not ok )/.test(line))
    .map(line => line.trim().replace(/^# /, ''))

const lastLines = (text: string, count: number) => text.trimEnd().split('\n').slice(-count)

const kubectl = ({ kubectl: file, env }: Stand, ...args: string[]) => command(file, args, { env })
