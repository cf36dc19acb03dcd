import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { installCatalogue } from '#hack/local/catalogue.ts'
import { quiet } from '#hack/local/progress.ts'
import {
  allProcesses,
  createOrganization,
  running,
  until,
  type Said,
} from '#test/support/running.ts'
import { elementsOf } from '#test/support/xml.ts'

// The suite that an admin runs on a cluster of his own, on the local control plane with everything on: it passes, it can fail,
// and it leaves nothing behind.

t.setTimeout(1_200_000)
const MAIN = resolve(import.meta.dirname, '../conformance/main.ts')
const folder = t.testdir({})
const { client, controlPlane, kradle, kubectl } = await running(t, {
  processes: allProcesses,
  kyverno: true,
})
await installCatalogue(controlPlane, quiet)
// A cluster that has just come up does not know its kinds everywhere yet; on one of an admin's own that is long over.
await createOrganization(client, 'warm')
// And Kyverno has its webhooks in place a moment after it is ready.
await until('Kyverno judges', async () => {
  const own = ['-l', 'webhook.kyverno.io/managed-by=kyverno', '-o', 'name']
  return (await kubectl(['get', 'validatingwebhookconfigurations', ...own])).stdout !== ''
})

const suite = (...args: string[]) => start(...args).ended

/** The suite as a process of its own, as `npm run test:conformance` starts it. */
function start(...args: string[]) {
  const env = {
    ...process.env,
    KUBECONFIG: controlPlane.adminKubeconfig,
    KUBECTL: controlPlane.kubectl,
  }
  const options = { env, maxBuffer: 64 * 1024 * 1024 }
  const { promise: ended, resolve: end } = Promise.withResolvers<Said>()
  const child = execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
    end({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
  )
  return { child, ended }
}

/** Every object of Kradle's, Kyverno's policies and exceptions, and what else a run makes, wherever it is. */
async function everything(): Promise<readonly string[]> {
  const served = await kubectl([
    'api-resources',
    '--categories=kradle',
    '--verbs=list',
    '-o',
    'name',
  ])
  const policies = await kubectl([
    'api-resources',
    '--api-group=policies.kyverno.io',
    '--verbs=list',
    '-o',
    'name',
  ])
  const kinds = [
    ...`${served.stdout}\n${policies.stdout}`.trim().split(/\s+/),
    'namespaces',
    'roles.rbac.authorization.k8s.io',
    'rolebindings.rbac.authorization.k8s.io',
    'clusterroles',
    'clusterrolebindings',
    'secrets',
    'configmaps',
    'serviceaccounts',
    'pods',
    'resourcequotas',
    'policyreports.wgpolicyk8s.io',
  ]
  const names =
    'jsonpath={range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name}{"\\n"}{end}'
  const { code, stdout, stderr } = await kubectl(['get', kinds.join(), '-A', '-o', names])
  if (code !== 0) throw new Error(stderr)
  // What comes and goes by itself is not of a run.
  return stdout.trim().split('\n').toSorted()
}

const before = await everything()

/** Nothing of it is there that was not before; Kyverno takes reports away with a delay. */
async function leavesNothing(test: Pick<typeof t, 'strictSame'>): Promise<void> {
  let more: readonly string[] = []
  await until(
    'nothing is left',
    async () => (more = (await everything()).filter(each => !before.includes(each))).length === 0,
    60,
  ).catch(() => test.strictSame(more, []))
  const after = await everything()
  test.strictSame(
    before.filter(each => !after.includes(each)),
    [],
    'nothing is gone',
  )
}

t.test('everything passes, but what needs nodes', async t => {
  const junit = join(folder, 'junit.xml')
  const begun = Date.now()
  const { code, stdout, stderr } = await suite('--junit', junit)
  const seconds = (Date.now() - begun) / 1000
  t.equal(code, 0, stdout.slice(stdout.indexOf('\nROW ')) + stderr)
  t.comment(`${Math.round(seconds)} s`)
  const skipped = stdout.match(/^skipped: .*$/gm) ?? []
  t.strictSame(skipped, [
    'skipped: there are no nodes, Kradle runs beside the cluster  foundation/deployments',
  ])
  t.match(stdout, /^60 rows: \d+ passed, 0 failed, 1 skipped, \d+ not built; \d+ s$/m)
  t.match(stdout, /^17 +Repository and Gitea/m)
  t.match(stdout, /^51 +HTTP API +not built/m)
  const elements = elementsOf(readFileSync(junit, 'utf8'))
  const cases = elements.filter(({ name }) => name === 'testcase')
  const [all] = elements
  t.match(all, { name: 'testsuites', attributes: { failures: '0', tests: String(cases.length) } })
  t.equal(elements.filter(({ name }) => name === 'failure').length, 0)
  await leavesNothing(t)
})

t.test('two at once are not in each other’s way', async t => {
  const both = await Promise.all([suite('--only', '8'), suite('--only', 'tenancy/scope')])
  for (const { code, stdout } of both) t.equal(code, 0, stdout)
  await leavesNothing(t)
})

t.test('an interrupted run takes away what it made', async t => {
  const { child, ended } = start('--only', 'grants')
  await until('it has made something', async () =>
    (await kubectl(['get', 'namespaces', '-o', 'name'])).stdout.includes('kradle-org-kct-'),
  )
  await sleep(1_000)
  child.kill('SIGINT')
  const { code, stdout } = await ended
  t.equal(code, 130, stdout)
  t.match(stdout, 'interrupted: taking away what was made')
  await leavesNothing(t)
})

t.test('where Kradle does not enforce, it fails, and the report says what was seen', async t => {
  // Stopped first, as it would put back what is deleted.
  await kradle.kill('admission-controller')
  const shipped = ['-l', 'app.kubernetes.io/part-of=kradle']
  const { code: broken } = await kubectl(['delete', 'validatingadmissionpolicybinding', ...shipped])
  t.equal(broken, 0)
  const junit = join(folder, 'broken.xml')
  await until('the policies are out of force', async () => {
    const { code, stdout } = await suite('--only', 'tenancy/scope', '--junit', junit)
    return code === 1 && stdout.includes('FAILED tenancy/scope')
  })
  const { stdout } = await suite('--only', 'tenancy/scope', '--junit', junit)
  t.match(stdout, /^9 +Org scoping +failed .* tenancy\/scope$/m)
  t.match(stdout, /^ {2}step: .*\n {2}command: kubectl create -f - .*<<'EOF'$/m)
  t.match(stdout, /^ {2}expected: refused, saying: /m)
  t.match(stdout, /^ {2}seen: exit code /m)
  const [failure] = elementsOf(readFileSync(junit, 'utf8')).filter(({ name }) => name === 'failure')
  t.match(failure?.text, 'FAILED tenancy/scope')
  t.match(failure?.text, "<<'EOF'\n")
})

t.test('what cannot be tried is said', async t => {
  t.match(await suite('--only', 'nonsense'), { code: 2, stderr: /is neither a row, an area nor/ })
  t.match(await suite('--only', '51'), { code: 2, stderr: 'row 51 has no scenario: not built' })
  const { code, stdout } = await suite('--list')
  t.equal(code, 0)
  t.match(stdout, /^tenancy\/bootstrap {2}rows 8 {2}/m)
})
