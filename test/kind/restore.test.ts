import { readFileSync } from 'node:fs'
import t from 'tap'
import { command } from '#hack/command.ts'
import { PullRequest } from '#src/api/activity/v1alpha1.ts'
import { orgNamespace } from '#src/api/names.ts'
import { drillOrganization, kindCluster, pullRequest, writable } from '#test/support/kind.ts'

// By the very commands of docs/install.md, of a PostgreSQL for evaluation.

const cluster = kindCluster(t)
const { asked, client } = cluster
const slug = await drillOrganization(client)
await writable(client, slug)

const page = readFileSync('docs/install.md', 'utf8')
const section = /^### Only PostgreSQL\n([^]*?)^### /m.exec(page)![1]!
const blocks = [...section.matchAll(/^ *```console\n([^]*?)^ *```/gm)].map(([, text]) => text!)
const inline = (text: string, start: string): string =>
  new RegExp(`\`(${start}[^\`]+)\``).exec(text)![1]!
const [stop, , restore] = blocks as [string, string, string]
const dump = inline(page, 'kubectl -n kradle-system exec postgresql-0 -- pg_dump ')
const start = inline(section, 'kubectl -n kradle-system scale deployment apiserver ')
const [, tell] = /(--command="update [^"]+")/.exec(section)!

const folder = t.testdir()
const run = (script: string) => command('sh', ['-ec', script], { cwd: folder })
const psql = 'kubectl -n kradle-system exec postgresql-0 -- psql --username=kradle --dbname=kradle'

const ways = {
  'into a database of its own': restore,
  'into one that lives on, which is told': `${psql} --command='drop schema kradle cascade'
    ${restore.split('\n').findLast(line => line.includes('pg_restore'))}
    ${psql} ${tell}`,
}

for (const [way, commands] of Object.entries(ways))
  t.test(`PostgreSQL is restored ${way}`, async t => {
    const suffix = Date.now().toString(36)
    const kept = pullRequest(`kept-${suffix}`, slug)
    const lost = pullRequest(`lost-${suffix}`, slug)
    await client.create(PullRequest, kept)
    await run(dump)
    const last = await client.create(PullRequest, lost)
    const before = BigInt(last.metadata.resourceVersion!)

    await run(stop)
    await run(commands)
    await run(start)
    await cluster.settled('apiserver')
    await writable(client, slug)

    const namespace = orgNamespace(slug)
    const found = await client.get(PullRequest, kept.metadata.name, namespace)
    t.equal(found?.spec?.title, kept.spec.title, 'what was in the backup is there')
    t.notOk(await client.get(PullRequest, lost.metadata.name, namespace), 'what was not is not')
    const again = await client.create(PullRequest, lost)
    t.ok(BigInt(again.metadata.resourceVersion!) > before, 'no version is given out twice')
    const path = `/apis/activity.kradle.a5c.ai/v1alpha1/namespaces/${namespace}/pullrequests`
    const watch = `${path}?watch=1&timeoutSeconds=5&resourceVersion=${before}`
    const seen = await cluster.kubectl('get', '--raw', watch)
    t.match(seen.stdout + seen.stderr, /410|Expired|too old/, 'who watched has to list again')
    await asked('delete', 'pullrequest', kept.metadata.name, lost.metadata.name, '-n', namespace)
  })
