import { execFile } from 'node:child_process'
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { writeKubeconfig } from '#hack/local/kubeconfig-file.ts'
import { IdentityMapping } from '#src/api/identity/v1alpha1.ts'
import { everyKind } from '#src/api/kinds.ts'
import { PolicyBinding, PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { persona, role } from '#test/support/people.ts'
import { createOrganization, mapping, running, team } from '#test/support/running.ts'

// `kradle check` as people run it: from files, with files around, and against a real cluster.

const { client, controlPlane, kubectl } = await running(t)
await createOrganization(client, 'acme')

const folder = mkdtempSync(join(tmpdir(), 'kradle-check-'))
t.teardown(() => rmSync(folder, { recursive: true }))

const file = (name: string, ...objects: object[]): string => {
  const path = join(folder, name)
  writeFileSync(path, objects.map(object => JSON.stringify(object)).join('\n---\n'))
  return path
}

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function check(args: readonly string[], input = ''): Promise<Ran> {
  const child = promisify(execFile)(process.execPath, ['src/cli/main.ts', 'check', ...args])
  child.child.stdin?.end(input)
  return child.then(
    said => ({ code: 0, ...said }),
    ({ code, stdout, stderr }: Ran) => ({ code, stdout, stderr }),
  )
}

t.test('answers as its documentation shows', async t => {
  const shown = readFileSync('docs/check.md', 'utf8')
  const [, line = '', output] = /\$ npm run --silent kradle -- check (.*)\n([^]*?)```/.exec(shown)!
  t.strictSame(await check(line.split(' ')), { code: 1, stdout: output, stderr: '' }, line)
})

t.test('accepts all examples, from a folder', async t => {
  // What is configured comes first: activity is refused where what it names is not there.
  const configuration = globSync('docs/examples/*.yaml').flatMap(name => ['-f', name])
  const folders = [...configuration, '-f', 'docs/activity-examples']
  const { code, stdout } = await check([...folders, '-o', 'json'])
  const report = JSON.parse(stdout)
  t.strictSame(
    report.results.filter(({ result }: { result: string }) => result === 'refused'),
    [],
  )
  t.equal(code, 0)
})

t.test('reads standard input, and takes namespaces of organisations for bound', async t => {
  const { namespace, ...metadata } = team('core').metadata
  const bare = JSON.stringify({ ...team('core'), metadata })
  t.match(await check(['-f', '-', '-n', namespace!], bare), {
    code: 0,
    stdout: /^accepted +Team\/core +kradle-org-acme +-:1$/m,
  })
  t.match(await check(['-f', '-'], bare), { code: 1, stdout: /metadata\.namespace: .*\[R6\]/ })
})

t.test('waits for what comes late, by npm too', async t => {
  const wanted = file('late.yaml', team('core'))
  const line = `(sleep 1; cat ${wanted}) | npm run --silent kradle -- check -f -`
  const { stdout } = await promisify(execFile)('sh', ['-ec', line])
  t.match(stdout, /^1 accepted/m)
})

t.test('goes by what is there, where somebody says what that is', async t => {
  const wanted = file('team.yaml', team('core'))
  const nothing = file('nothing.yaml')
  t.match(await check(['-f', wanted, '--with', nothing]), {
    code: 1,
    stdout: /metadata\.namespace: "kradle-org-acme" is not bound.*R29/,
  })
  const acme = 'docs/examples/organization.yaml'
  t.match(await check(['-f', wanted, '--with', acme]), { code: 0, stdout: /1 accepted/ })
})

t.test('judges each manifest by what comes before it', async t => {
  const example = readFileSync('docs/examples/agenttriggerrule.yaml', 'utf8').split('\n---\n')
  const ordered = join(folder, 'ordered.yaml')
  writeFileSync(ordered, example.join('\n---\n'))
  t.match(await check(['-f', ordered]), { code: 0 })
  writeFileSync(ordered, example.toReversed().join('\n---\n'))
  t.match(await check(['-f', ordered]), {
    code: 1,
    stdout: /^refused +AgentTriggerRule[^]*R143[^]*^accepted +AgentStack/m,
  })
  const [first, second] = [mapping('twice'), mapping('twice')]
  const moved = { ...second, spec: { ...second.spec, user: 'joe' } }
  const twice = file('twice.yaml', first, first, moved)
  const { code, stdout } = await check(['-f', twice, '-o', 'json'])
  t.equal(code, 1)
  t.match(JSON.parse(stdout).results, [
    { operation: 'CREATE', result: 'accepted' },
    { operation: 'UPDATE', result: 'accepted' },
    { operation: 'UPDATE', result: 'refused', causes: [{ field: 'spec.user', message: /R42/ }] },
  ])
})

t.test('walks through a folder by name, and follows no link', async t => {
  const root = join(folder, 'tree')
  mkdirSync(join(root, 'b'), { recursive: true })
  file('tree/a.yaml', team('a'))
  file('tree/b/c.yaml', team('c'))
  file('tree/b.yaml', team('b'))
  file('tree/notes.txt', team('d'))
  symlinkSync(root, join(root, 'b', 'again'))
  symlinkSync(file('outside.yaml', team('e')), join(root, 'link.yaml'))
  symlinkSync(join(root, 'gone'), join(root, 'gone.yaml'))
  const { code, stdout } = await check(['-f', root, '-o', 'json'])
  t.equal(code, 0)
  t.strictSame(
    JSON.parse(stdout).results.map(({ name }: { name: string }) => name),
    ['a', 'c', 'b'],
  )
})

t.test('goes on after a document that cannot be read', async t => {
  const path = join(folder, 'deep.yaml')
  writeFileSync(path, `a: ${'['.repeat(5000)}\n---\n${JSON.stringify(team('core'))}\n`)
  t.match(await check(['-f', path]), {
    code: 1,
    stdout: /is nested too deeply[^]*1 accepted, 1 refused/,
  })
})

t.test('says what it takes for granted', async t => {
  const example = 'docs/examples/agentrolebinding.yaml'
  t.match(await check(['-f', example]), {
    code: 0,
    stdout: /assuming that you may: bind roletemplates "repository-repair"/,
  })
  t.notMatch(await check(['-f', example, '--against', controlPlane.adminKubeconfig]), {
    stdout: /assuming/,
  })
})

t.test('sees what is in a cluster', async t => {
  await client.create(IdentityMapping, mapping('taken'))
  const other = mapping('other')
  const wanted = file('mapping.yaml', {
    ...other,
    spec: { ...other.spec, user: 'john', subject: 'taken' },
  })
  const against = ['--against', controlPlane.adminKubeconfig]
  t.match(await check(['-f', wanted]), { code: 0 })
  t.match(await check(['-f', wanted, ...against]), {
    code: 1,
    stdout: /spec\.subject: "taken" is mapped to User "jane".*identitymapping\/subject-is-unique/,
  })
  const moved = mapping('taken')
  const update = file('moved.yaml', { ...moved, spec: { ...moved.spec, user: 'joe' } })
  t.match(await check(['-f', update, ...against]), { code: 1, stdout: /spec\.user: .*R42/ })
  t.equal(await client.get(IdentityMapping, 'other', 'kradle-org-acme'), undefined, 'sent nothing')
})

t.test('accepts the catalogue of policies', async t => {
  const { code, stdout } = await check(['-f', 'policies'])
  t.equal(code, 0, stdout)
  t.match(stdout, /\n10 accepted, 0 refused, \d+ skipped\n$/)
})

t.test('judges by the policies that are bound, exceptions until they end', async t => {
  const kradle = (kind: string, name: string, spec: object) => ({
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind,
    metadata: { name, namespace: 'kradle-org-acme' },
    spec: { organizationRef: 'acme', ...spec },
  })
  const titles = 'policies/title-convention/template.yaml'
  const bound = (spec: object) =>
    kradle('PolicyBinding', 'titles', {
      templateRef: 'title-convention',
      mode: 'enforce',
      ...spec,
    })
  const request = (expiresAt: string) =>
    kradle('PolicyExceptionRequest', 'importer', {
      policyRef: 'titles',
      justification: 'The importer writes these titles.',
      expiresAt,
      resources: [{ kind: 'PullRequest', name: 'app-42' }],
      requestedBy: 'joe',
      decision: 'Approved',
      decidedBy: 'jane',
      reason: 'It is under way.',
    })
  const pull = 'docs/activity-examples/pullrequest.yaml'
  const acme = ['docs/examples/organization.yaml', 'docs/examples/repository.yaml', titles]
  const judged = (...there: readonly object[]) =>
    check(['-f', pull, ...[...acme, file('there.yaml', ...there)].flatMap(one => ['--with', one])])

  t.match(await judged(bound({})), {
    code: 1,
    stdout:
      /^refused +PullRequest\/app-42 [^]*\n {2}spec\.title: "Retry a failed upload" is not of the form .*\[titles: title-convention\] Give the pull request/m,
  })
  t.match(await judged(bound({ mode: 'audit' })), {
    code: 0,
    stdout: /^ {2}warning: spec\.title: .* \(audit: reported, not refused\)$/m,
  })
  t.match(await judged(bound({ suspend: true })), { code: 0, stdout: /1 accepted/ })
  t.match(await judged(bound({ target: { repositories: ['docs'] } })), { code: 0 })
  t.match(await judged(bound({}), request('2099-01-31T00:00:00Z')), {
    code: 0,
    stdout:
      /^ {2}note: policy "titles" would refuse it, but for PolicyExceptionRequest "importer" until 2099-01-31T00:00:00Z$/m,
  })
  t.match(await judged(bound({}), request(new Date(Date.now() - 1).toISOString())), { code: 1 })
  t.match(await judged(bound({ templateRef: 'of-nobody' })), {
    code: 0,
    stdout: /^not judged here: PolicyBinding "titles" \(PolicyTemplate "of-nobody" is not there/m,
  })
  // Files count from the place at which they come.
  const binding = file('binding.yaml', bound({}))
  const inOrder = await check([...acme, binding, pull].flatMap(one => ['-f', one]))
  t.match(inOrder, { code: 1, stdout: /4 accepted, 1 refused/ })

  await client.create(PolicyTemplate, parse(readFileSync(titles, 'utf8')))
  await client.create(PolicyBinding, bound({}) as unknown as PolicyBinding)
  const against = ['--against', controlPlane.adminKubeconfig]
  t.match(await check(['-f', pull, ...against]), {
    code: 1,
    stdout: /\[titles: title-convention\]/,
  })

  // Somebody who sees all but the templates of the platform.
  const visible = everyKind.filter(kind => kind !== PolicyTemplate).map(({ plural }) => plural)
  await client.create(
    ClusterRole,
    role('sees-all-but-templates', {
      apiGroups: ['kradle.a5c.ai', 'activity.kradle.a5c.ai'],
      resources: visible,
      verbs: ['get', 'list'],
    }),
  )
  await kubectl([
    'create',
    'clusterrolebinding',
    'jane',
    '--clusterrole=sees-all-but-templates',
    '--user=jane',
  ])
  await client.create(RoleBinding, persona('jane', 'kradle-member', 'kradle-org-acme'))
  const kubeconfig = join(folder, 'jane')
  const { server, adminCertificate } = controlPlane
  const user = await controlPlane.certificateFor('jane')
  writeKubeconfig(kubeconfig, { name: 'jane', server, ca: adminCertificate.ca, user })
  // As shipped, everybody reads those.
  await kubectl(['delete', 'rolebinding', 'kradle-template-reader', '-n', 'kradle-system'])
  t.match(await check(['-f', pull, '--against', kubeconfig]), {
    code: 0,
    stdout: /^not judged here: .*policytemplates of kradle-system \(not yours to read\)/m,
  })
})

t.test('exits with 2 where it could not check', async t => {
  const wanted = file('team.yaml', team('core'))
  for (const [args, says] of [
    [[], /-f is missing/],
    [['-f', join(folder, 'gone.yaml')], /ENOENT.*gone\.yaml/],
    [['-f', wanted, '-o', 'xml'], /--output xml: must be table or json/],
    [['-f', wanted, '--colour'], /--colour/],
    [['-f', wanted, '--with', wanted, '--against', 'x'], /give one of them/],
    [['-f', wanted, '--against', join(folder, 'gone')], /gone/],
  ] as const)
    t.match(await check(args), { code: 2, stdout: '', stderr: says }, args.join(' '))
})
