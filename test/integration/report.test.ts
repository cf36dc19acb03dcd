import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { kubeconfig } from '#hack/local/kubeconfig.ts'
import { PolicyBinding, PolicyExceptionRequest, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { render } from '#src/policy/render.ts'
import type { Line, Summary } from '#src/report/line.ts'
import { createOrganization, running, until, withActivity } from '#test/support/running.ts'
import { sarifProblems } from '#test/support/sarif.ts'

// What `kradle report` says of what Kyverno reports by a policy that Kradle rendered: whose it is, and who is exempt, without
// waiting for anybody to look again. The policy is put there in the name of policy-controller, which is not needed.

const NAMESPACE = 'kradle-org-acme'
const { client, controlPlane, kubectl } = await running(t, {
  processes: withActivity,
  kyverno: ['reports'],
})
await createOrganization(client, 'acme')

/** Somebody with a certificate, and the roles of these personas in acme. */
async function person(name: string, ...personas: readonly string[]): Promise<string> {
  const { server, adminCertificate } = controlPlane
  const user = await controlPlane.certificateFor(name)
  const path = join(controlPlane.home, `kubeconfig-${name}`)
  writeFileSync(path, kubeconfig({ name, server, ca: adminCertificate.ca, user }))
  for (const persona of personas)
    await did([
      'create',
      'rolebinding',
      `${name}-${persona}`,
      `--clusterrole=kradle-${persona}`,
      `--user=${name}`,
      '-n',
      NAMESPACE,
    ])
  return path
}

/** By cluster-admin, or whom he acts as; throws with what was said. */
async function did(args: readonly string[], input?: object | string): Promise<string> {
  const { code, stdout, stderr } = await kubectl(args, input)
  if (code !== 0) throw new Error(stderr)
  return stdout
}

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const report = (kubeconfigPath: string, ...args: readonly string[]): Promise<Ran> =>
  promisify(execFile)(process.execPath, [
    'src/cli/main.ts',
    'report',
    '--kubeconfig',
    kubeconfigPath,
    ...args,
  ]).then(
    said => ({ code: 0, ...said }),
    ({ code, stdout, stderr }: Ran) => ({ code, stdout, stderr }),
  )
async function json(
  path: string,
): Promise<{ code: number; summary: Summary; results: readonly Line[] }> {
  const { code, stdout, stderr } = await report(path, '--org', 'acme', '-o', 'json')
  if (stdout === '') throw new Error(stderr)
  return { code, ...(JSON.parse(stdout) as { summary: Summary; results: readonly Line[] }) }
}

const jane = await person('jane', 'maintainer')
const ada = await person('ada', 'admin')
const bob = await person('bob')
const here = ['-n', NAMESPACE]

const template = parse(readFileSync('docs/examples/policytemplate.yaml', 'utf8')) as PolicyTemplate
const binding = {
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'PolicyBinding',
  metadata: { name: 'titles', namespace: NAMESPACE },
  spec: { templateRef: 'pull-request-title', mode: 'audit', parameters: { minLength: 12 } },
}
const pullRequest = (name: string, title: string) => ({
  apiVersion: 'activity.kradle.a5c.ai/v1alpha1',
  kind: 'PullRequest',
  metadata: { name, namespace: NAMESPACE },
  spec: { repository: 'app', title, source: { ref: name }, target: { ref: 'main' } },
})

t.test('nothing to report is no report of nothing', async t => {
  t.match(await report(bob, '--org', 'acme'), {
    code: 2,
    stderr: /you may not list .* in namespace "kradle-org-acme"/,
  })
  t.match(await report(bob), { code: 2, stderr: /give --org or --namespace/ })
  t.match(await report(jane, '--org', 'acme'), {
    code: 0,
    stdout: '0 fail, 0 error, 0 warn, 0 skip, 0 pass\n',
  })
  t.match(await report(jane, '--org', 'acme', '-n', 'x'), { code: 2, stderr: /give one of them/ })
  t.match(await report(jane, '-o', 'yaml'), { code: 2, stderr: /must be table, json or sarif/ })
  t.match(await report(jane, '--help'), { code: 0, stdout: /kradle report \[--org/ })
})

t.test('what Kyverno finds has its binding, its template and what to do', async t => {
  for (const object of [
    template,
    binding,
    pullRequest('short', 'Fix'),
    pullRequest('long', 'Retry uploads that broke'),
  ])
    await did(['apply', '-f', '-'], object)
  const [stored, bound] = [
    await client.get(PolicyTemplate, template.metadata.name, NAMESPACE),
    await client.get(PolicyBinding, 'titles', NAMESPACE),
  ]
  const { policy, problems } = render({
    template: stored!,
    binding: bound!,
    profile: undefined,
    now: new Date(),
  })
  t.strictSame(problems, [])
  await did([
    'create',
    'rolebinding',
    'policies',
    '--clusterrole=cluster-admin',
    '--serviceaccount=kradle-system:policy-controller',
    ...here,
  ])
  await did(
    ['create', '--as', 'system:serviceaccount:kradle-system:policy-controller', '-f', '-'],
    policy,
  )
  await until('Kyverno has looked', async () => (await json(jane)).summary.pass > 0, 120)
  const { code, summary, results } = await json(jane)
  t.equal(code, 1)
  t.match(summary, { fail: 1, pass: 1 })
  t.match(results, [
    {
      result: 'fail',
      object: { kind: 'PullRequest', name: 'short', namespace: NAMESPACE },
      policy: 'kradle-acme-titles',
      source: 'KyvernoValidatingPolicy',
      severity: 'low',
      message: /spec\.title: "Fix" is shorter than 12 characters/,
      binding: {
        name: 'titles',
        mode: 'audit',
        template: `${NAMESPACE}/pull-request-title`,
        remediation: /^Say in the title/,
      },
    },
  ])
})

const request = (seconds: number) => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'PolicyExceptionRequest',
  metadata: { name: 'for-short', namespace: NAMESPACE },
  spec: {
    policyRef: 'titles',
    justification: 'The importer writes these.',
    expiresAt: new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
    resources: [{ kind: 'PullRequest', name: 'short' }],
  },
})

t.test('an exception holds from its approval to its end, whoever has looked since', async t => {
  const asked = request(60)
  await did(['--kubeconfig', jane, 'create', '-f', '-'], asked)
  const stored = await client.get(PolicyExceptionRequest, 'for-short', NAMESPACE)
  t.equal(stored?.spec.requestedBy, 'jane')
  t.match(await json(jane), { code: 1, summary: { fail: 1 } }, 'asking is not enough')
  const decision = { spec: { decision: 'Approved', reason: 'Read by hand.' } }
  await did([
    '--kubeconfig',
    ada,
    'patch',
    'policyexceptionrequests',
    'for-short',
    ...here,
    '--type',
    'merge',
    '-p',
    JSON.stringify(decision),
  ])
  const { code, summary, results } = await json(jane)
  t.equal(code, 0)
  t.match(summary, { fail: 0, skip: 1, pass: 1 })
  t.match(results, [
    {
      result: 'skip',
      judged: 'anew',
      exception: { name: 'for-short', until: asked.spec.expiresAt, approvedBy: 'ada', holds: true },
    },
  ])
  const { stdout } = await report(jane, '--org', 'acme', '-o', 'sarif')
  t.strictSame(sarifProblems(JSON.parse(stdout)), [])
  t.match(JSON.parse(stdout).runs[0].results, [
    { kind: 'fail', suppressions: [{ kind: 'external', status: 'accepted' }] },
  ])
  const left = Date.parse(asked.spec.expiresAt) - Date.now()
  await new Promise(done => setTimeout(done, Math.max(0, left)))
  t.match(await json(jane), {
    code: 1,
    summary: { fail: 1 },
    results: [{ result: 'fail', judged: 'anew', exception: { holds: false } }],
  })
})
