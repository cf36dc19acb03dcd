import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import t from 'tap'
import { kinds } from '#src/api/kinds.ts'
import type { KubernetesObject, Status } from '#src/api/object.ts'
import { exampleFiles, readExamples, textOf } from '#test/support/examples.ts'
import { allProcesses, createOrganization, running, until } from '#test/support/running.ts'

// kubectl apply -f docs/examples/organization.yaml && kubectl wait ... && kubectl apply -R -f docs/examples/: in whatever
// order the files come, all is taken, and becomes Ready.

const { client, kubectl } = await running(t, { processes: allProcesses })
// The API server needs seconds until it knows new kinds by all of its ways; not what this is about.
await createOrganization(client, 'first')

/** Kinds whose example is not Ready, and what it waits for. */
const WAITING: Readonly<Record<string, RegExp>> = {
  // Its issuer is made up; only a name that leads somewhere can be asked for its keys.
  AuthProvider: /"https:\/\/login\.example\.com\/acme" cannot be reached/,
  // There is none in this cluster.
  PolicyBinding: /^Kyverno is not installed/,
  PolicyProfile: /^Kyverno is not installed/,
  PolicyExceptionRequest: /^Somebody else has to decide/,
}

const examples = [...readExamples().of.values()].filter(({ kind }) =>
  kinds.some(known => known.kind === kind && known.scope === 'org'),
)
const files = exampleFiles()

/** The files of the examples in another order, for an organisation of another name. */
function folderOf(slug: string, order: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'kradle-examples-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const [index, file] of order.entries()) {
    const text = textOf(file).replaceAll('kradle-org-acme', `kradle-org-${slug}`)
    const place = String(index).padStart(3, '0')
    writeFileSync(
      join(folder, `${place}-${basename(file)}`),
      file.endsWith('/organization.yaml') ? text.replace('name: acme', `name: ${slug}`) : text,
    )
  }
  return folder
}

/** Every seventh, and so on: the same every time, and nothing like the alphabet. */
const shuffled = (list: readonly string[]): string[] =>
  list.toSorted((one, other) => rank(list.indexOf(one)) - rank(list.indexOf(other)))
const rank = (index: number) => (index * 37 + 11) % 101

const said = ({ code, stderr }: { code: number; stderr: string }) => (code === 0 ? '' : stderr)

for (const [slug, order] of [
  ['acme', shuffled(files)],
  ['globex', shuffled(files).toReversed()],
] as const) {
  const namespace = `kradle-org-${slug}`

  t.test(`${slug}: everything is taken in the order ${basename(order[0]!)}, ...`, async t => {
    t.ok(files.length > 50)
    const folder = folderOf(slug, order)
    const [organization] = globSync(`${folder}/*-organization.yaml`)
    t.equal(said(await kubectl(['apply', '-f', organization!])), '')
    const ready = ['wait', '--for=condition=Ready', '--timeout=60s', '-n', 'kradle-system']
    t.equal(said(await kubectl([...ready, `organization/${slug}`])), '')
    t.equal(said(await kubectl(['apply', '-R', '-f', folder])), '')
  })

  t.test(`${slug}: and is Ready`, async t => {
    const waiting = new Map<string, string>()
    await until(
      'every example is Ready',
      async () => {
        waiting.clear()
        await Promise.all(
          examples.map(async ({ kind, metadata: { name } }) => {
            const known = kinds.find(other => other.kind === kind)!
            const found: Reported | undefined = await client.get(known, name, namespace)
            const ready = found?.status?.conditions?.find(({ type }) => type === 'Ready')
            if (ready?.status !== 'True') waiting.set(kind, ready?.message ?? 'has no status')
          }),
        )
        return [...waiting.keys()].every(kind => kind in WAITING)
      },
      180,
    ).catch(() => {})
    for (const [kind, message] of waiting)
      t.match(message, WAITING[kind] ?? /^it is Ready$/, `${kind}: ${message}`)
    t.comment(`${examples.length} examples, ${waiting.size} of them waiting`)
  })
}

interface Reported extends KubernetesObject {
  readonly status?: Status
}
