import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import type { Kind } from '#src/api/kind.ts'
import { ACTIVITY_GROUP } from '#src/api/names.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { OpenApiSchema } from '#src/apiserver/resource.ts'
import {
  activityExamples,
  exampleFiles,
  exampleFolder,
  forOrganization,
  type Shown,
} from '#test/support/kubectl/examples.ts'
import { tablesIn } from '#test/support/kubectl/tables.ts'
import {
  createOrganization,
  running,
  until,
  withActivity,
  type Said,
} from '#test/support/running.ts'
import { rules } from '#webhooks/index.ts'
import type { Rule } from '#webhooks/rule.ts'

// What an admin types, on every kind of activity that is defined: few processes, each with all kinds at once.

const NAMESPACE = 'kradle-org-acme'
const began = performance.now()
let commands = 0

const { client, controlPlane, kubectl: run } = await running(t, { processes: withActivity })
const kubectl: typeof run = (...args) => {
  commands += 1
  return run(...args)
}
const here = (...args: string[]): Promise<Said> => kubectl([...args, '-n', NAMESPACE])
await createOrganization(client, 'acme')
const started = performance.now()

const all = activityExamples()
const refs = all.map(({ ref }) => ref)
const names = all.map(({ resource: { kind } }) => kind.kind)
const lines = (text: string): readonly string[] => text.split('\n').filter(line => line !== '')
const said = ({ code, stderr }: Said): string => (code === 0 ? '' : stderr || `exit code ${code}`)
/** The examples as they are now, in the order of the kinds. */
const objects = async (...args: string[]): Promise<readonly UnknownObject[]> => {
  const { stdout, stderr } = await here('get', ...refs, '-o', 'json', ...args)
  const { items } = JSON.parse(stdout || '{"items":[]}') as { items: UnknownObject[] }
  if (items.length !== refs.length) throw new Error(stderr)
  return items
}
/** As documents: a List is what kubectl judges by itself, before anything can be filled in. */
const documents = (items: readonly object[]): string =>
  items.map(item => JSON.stringify(item)).join('\n---\n')

const isActivity = (file: string): boolean => file.includes('/activity-examples/')
const folders = {
  acme: exampleFolder('acme', exampleFiles),
  globex: exampleFolder('globex', exampleFiles.toReversed()),
}
const activityFolder = {
  acme: exampleFolder('acme', exampleFiles.filter(isActivity)),
  globex: exampleFolder('globex', exampleFiles.toReversed().filter(isActivity)),
}
t.teardown(() => {
  for (const folder of [...Object.values(folders), ...Object.values(activityFolder)])
    rmSync(folder, { recursive: true, force: true })
})

t.test('every kind is known by all its names', async t => {
  t.ok(all.length >= 31)
  const { stdout } = await kubectl(['api-resources', '--api-group', ACTIVITY_GROUP, '-o', 'wide'])
  const rows = new Map(tablesIn(stdout)[0]!.rows.map(row => [row['KIND'], row]))
  for (const { resource } of all)
    t.match(rows.get(resource.kind.kind), {
      NAME: resource.kind.plural,
      SHORTNAMES: resource.shortNames.join(','),
      NAMESPACED: 'true',
      VERBS: 'delete,deletecollection,get,list,patch,create,update,watch',
      CATEGORIES: resource.categories.join(','),
    })
  // Reviews are created and never kept.
  const kept = [...rows.values()].filter(row => row['VERBS'] !== 'create')
  t.equal(kept.length, all.length)
})

/** The last argument of `kubectl apply` for each organisation: by the client's merge in one, by the server's in the other. */
const ways = { acme: [], globex: ['--server-side'] } as const
const slugs = ['acme', 'globex'] as const
const apply = (slug: 'acme' | 'globex', folder: string): Promise<Said> =>
  kubectl(['apply', ...ways[slug], '-R', '-f', folder])

t.test('an organisation is made with two commands', async t => {
  const file = forOrganization('globex', 'docs/examples/organization.yaml')
  t.equal(said(await kubectl(['apply', '-f', '-'], file)), '')
  const ready = ['wait', '--for=condition=Ready', '-n', 'kradle-system', 'organization/globex']
  t.equal(said(await kubectl([...ready, '--timeout=30s'])), '')
})

t.test('all examples are taken, whatever their order, once what they name is there', async t => {
  await Promise.all(
    slugs.map(async slug => {
      let answer = await apply(slug, folders[slug])
      const refused = [...lines(answer.stderr)].filter(line => !line.startsWith('Warning: '))
      for (const line of refused)
        t.match(line, /is no \w+ in namespace|is none of the targets/, `${slug}: ${line}`)
      let passes = 1
      for (; answer.code !== 0 && passes < 5; passes++)
        answer = await apply(slug, activityFolder[slug])
      t.equal(said(answer), '', slug)
      t.comment(`${slug}: ${refused.length} have to wait at first, ${passes} times in all`)
    }),
  )
})

t.test('applying again changes nothing', async t => {
  const before = await objects()
  const [acme, globex] = await Promise.all(slugs.map(slug => apply(slug, activityFolder[slug])))
  const kept = new Map(
    before.map((object, index) => [
      `${all[index]!.resource.singular}.${ACTIVITY_GROUP}/${object.metadata.name}`,
      // kubectl sends lists as a whole, so what was filled in within one looks like a change to it; it is none.
      hasFilledList(all[index]!.example.spec, object['spec']),
    ]),
  )
  for (const line of lines(acme!.stdout)) {
    const [ref = '', result] = line.split(' ')
    if (result !== 'configured' || kept.get(ref) !== true) t.equal(result, 'unchanged', line)
  }
  for (const line of lines(globex!.stdout)) t.match(line, /\.activity\.\S+ serverside-applied$/)
  t.ok(lines(acme!.stdout).length >= all.length)
  t.equal(said(acme!) + said(globex!), '')
  const diff = await kubectl(['diff', '-R', '-f', activityFolder.acme])
  t.strictSame(diff, { code: 0, stdout: '', stderr: '' })
  const versions = (list: readonly UnknownObject[]) =>
    list.map(({ metadata }) => metadata.resourceVersion)
  t.strictSame(versions(await objects()), versions(before))
})

/** Whether a list that was sent is another one now. */
function hasFilledList(sent: unknown, stored: unknown): boolean {
  if (Array.isArray(sent)) return !isDeepStrictEqual(sent, stored)
  if (typeof sent !== 'object' || sent === null) return false
  return Object.entries(sent).some(([field, value]) =>
    hasFilledList(value, (stored as Record<string, unknown> | undefined)?.[field]),
  )
}

t.test('get shows the columns that are defined, by short name', async t => {
  const shortNames = all.flatMap(({ resource }) => resource.shortNames.slice(0, 1))
  const [narrow, wide, items] = await Promise.all([
    here('get', shortNames.join()),
    here('get', shortNames.join(), '-o', 'wide'),
    objects(),
  ])
  for (const [answer, isWide] of [
    [narrow, false],
    [wide, true],
  ] as const) {
    const tables = tablesIn(answer.stdout)
    t.equal(tables.length, all.length)
    for (const [index, { resource, ref, example }] of all.entries()) {
      const { columns, rows } = tables[index]!
      const shown = resource.columns.filter(({ priority = 0 }) => isWide || priority === 0)
      t.strictSame(columns, ['NAME', ...shown.map(({ name }) => name.toUpperCase())], ref)
      const row = rows.find(({ NAME }) => NAME!.endsWith(`/${example.metadata.name}`))
      for (const { name, jsonPath, type } of shown) {
        const value = row?.[name.toUpperCase()]
        const there = textAt(items[index], jsonPath)
        if (type === 'date' && there !== '') t.match(value, /^\d+[smhd]/, `${ref} ${name}`)
        else t.equal(value, there, `${ref} ${name}`)
      }
    }
  }
})

/** What stands at a plain path such as .spec.title, as a cell has it. */
const textAt = (object: unknown, path: string): string => {
  const found = path
    .slice(1)
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object)
  return found === undefined ? '' : typeof found === 'string' ? found : JSON.stringify(found)
}

t.test('category, yaml, describe', async t => {
  const [category, yaml, described] = await Promise.all([
    here('get', 'kradle', '-o', 'name'),
    here('get', ...refs, '-o', 'yaml'),
    here('describe', ...refs),
  ])
  const found = new Set(lines(category.stdout))
  for (const { resource, example } of all) {
    const { kind, singular } = { ...resource, kind: resource.kind.kind }
    const { name } = example.metadata
    t.ok(found.has(`${singular}.${ACTIVITY_GROUP}/${name}`), `${kind} is in category kradle`)
    t.match(yaml.stdout, new RegExp(`kind: ${kind}\n  metadata:[^]*?\n    name: ${name}\n`))
    t.match(described.stdout, new RegExp(`Name: +${name}\n[^]*?Kind: +${kind}\n`))
  }
  t.equal(described.stdout.match(/^ {2}Organization Ref: +acme$/gm)?.length, all.length)
  t.equal(described.stdout.match(/^ {2}Storage: +postgres$/gm)?.length, all.length)
})

const fieldsIn = (schema: OpenApiSchema): readonly string[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => [name, ...fieldsIn(child)]),
  ...(schema.items ? fieldsIn(schema.items) : []),
  ...(typeof schema.additionalProperties === 'object' ? fieldsIn(schema.additionalProperties) : []),
]

t.test('explain knows every field', async t => {
  let fields = 0
  await each(all, async ({ resource: { kind, schema } }) => {
    const version = `--api-version=${kind.group}/${kind.version}`
    const { stdout, stderr } = await kubectl(['explain', kind.plural, '--recursive', version])
    t.equal(stderr, '')
    t.match(stdout, `KIND:       ${kind.kind}\n`)
    const printed = [...stdout.matchAll(/^ {2,}([-\w]+)\t</gm)].map(([, name]) => name)
    const { spec = {}, status = {} } = schema.properties ?? {}
    const wanted = [...fieldsIn(spec), ...fieldsIn(status)]
    fields += wanted.length
    t.strictSame(
      wanted.filter(name => !printed.includes(name)),
      [],
      kind.kind,
    )
  })
  t.comment(`${fields} fields`)
})

t.test('label, annotate, patch, edit and wait', async t => {
  const waiting = here(
    'wait',
    ...refs,
    '--for=jsonpath={.metadata.annotations.edited}=after-edit',
    '--timeout=30s',
  )
  const toAll = async (...args: string[]) => {
    const answer = await here(...args)
    t.equal(said(answer), '', args[0]!)
    t.equal(lines(answer.stdout).length, all.length, `${args[0]}: ${answer.stdout}`)
  }
  await toAll('label', ...refs, 'tier=gold')
  await toAll('annotate', ...refs, 'edited=before-edit')
  const merge = { metadata: { annotations: { merged: 'yes' } } }
  await toAll('patch', ...refs, '--type=merge', '-p', JSON.stringify(merge))
  const json = [
    { op: 'test', path: '/metadata/labels/tier', value: 'gold' },
    { op: 'remove', path: '/metadata/annotations/merged' },
  ]
  await toAll('patch', ...refs, '--type=json', '-p', JSON.stringify(json))
  process.env['KUBE_EDITOR'] = 'sed -i s/before-edit/after-edit/'
  await toAll('edit', ...refs)
  delete process.env['KUBE_EDITOR']
  const answer = await waiting
  t.equal(said(answer), '')
  t.equal(lines(answer.stdout).filter(line => line.endsWith(' condition met')).length, all.length)
  for (const { kind, metadata } of await objects('--show-managed-fields'))
    t.match(
      metadata,
      {
        labels: { tier: 'gold', 'kradle.a5c.ai/org': 'acme' },
        annotations: { edited: 'after-edit', merged: undefined },
        generation: 1,
        managedFields: [{ manager: /^kubectl-/ }],
      },
      kind,
    )
})

t.test('diff and a server-side apply by somebody else see what changed', async t => {
  const changed = documents(
    all.map(({ example }) => ({
      ...example,
      metadata: { ...example.metadata, labels: { tier: 'silver' } },
    })),
  )
  const diff = await kubectl(['diff', '-f', '-'], changed)
  t.equal(diff.code, 1, diff.stderr)
  t.equal(diff.stdout.match(/^-\s+tier: gold\n\+\s+tier: silver$/gm)?.length, all.length)
  const serverSide = ['apply', '--server-side', '--field-manager=other', '-f', '-']
  const conflict = await kubectl(serverSide, changed)
  t.equal(conflict.code, 1)
  t.equal(
    conflict.stderr.match(
      /conflicts? with "kubectl-label" using \S+:\s(- )?\.metadata\.labels\.tier$/gm,
    )?.length,
    all.length,
    conflict.stderr.slice(0, 2000),
  )
  const forced = await kubectl([...serverSide, '--force-conflicts'], changed)
  t.equal(said(forced), '')
  t.equal(lines(forced.stdout).length, all.length)
  for (const { metadata } of await objects()) t.match(metadata.labels, { tier: 'silver' })
})

t.test('a dry run creates nothing, and refusals say field, value, rule and way out', async t => {
  const copies = (prefix: string, spec: (shown: Shown) => object) =>
    documents(
      all.map(shown => ({
        ...shown.example,
        metadata: { name: `${prefix}-${shown.resource.kind.plural}`, namespace: NAMESPACE },
        spec: spec(shown),
      })),
    )
  const dryRun = (object: string) => kubectl(['create', '--dry-run=server', '-f', '-'], object)
  const [taken, foreign, empty, unknown] = await Promise.all([
    dryRun(copies('dry', ({ example }) => example.spec!)),
    dryRun(copies('foreign', ({ example }) => ({ ...example.spec, organizationRef: 'globex' }))),
    dryRun(copies('empty', () => ({}))),
    dryRun(copies('unknown', ({ example }) => ({ ...example.spec, nonsense: 1 }))),
  ])
  // What only one may have, the examples have: where that is not made of the name.
  const refused = lines(taken.stderr)
  t.ok(refused.length > 0)
  for (const line of refused) t.match(line, 'already exists under the name')
  t.equal(
    lines(taken.stdout).filter(line => line.endsWith('created (server dry run)')).length,
    all.length - refused.length,
  )
  t.equal(
    lines((await here('get', 'kradle', '-o', 'name')).stdout).filter(line => line.includes('/dry-'))
      .length,
    0,
  )
  for (const { resource } of all) {
    const { kind, plural } = resource.kind
    t.match(
      foreign.stderr,
      `"foreign-${plural}" is forbidden: spec.organizationRef: "globex" is not the organisation of namespace "${NAMESPACE}", which is "acme"; leave it out or write "acme", or use the namespace of the other organisation [R28`,
    )
    t.match(
      empty.stderr,
      new RegExp(`"empty-${plural}" is invalid: \\[?spec\\.\\w+: Required value`),
    )
    t.match(
      unknown.stderr,
      `${kind} in version "v1alpha1" cannot be handled as a ${kind}: strict decoding error: unknown field "spec.nonsense"`,
    )
  }
  t.strictSame(
    [foreign, empty, unknown].map(({ code, stdout }) => [code, stdout]),
    [
      [1, ''],
      [1, ''],
      [1, ''],
    ],
  )
})

t.test('get -w follows one kind', async t => {
  const args = ['get', 'issues', '-w', '--output-watch-events', '-n', NAMESPACE]
  const child = spawn(controlPlane.kubectl, [...args, '--kubeconfig', controlPlane.adminKubeconfig])
  commands += 1
  const ended = new Promise(resolve => child.on('close', resolve))
  let seen = ''
  child.stdout.on('data', (part: Buffer) => (seen += part.toString()))
  await until('it is watching', async () => seen.includes('upload-fails'))
  const { example } = all.find(({ resource }) => resource.kind.kind === 'Issue')!
  const watched = { ...example, metadata: { name: 'watched', namespace: NAMESPACE } }
  t.equal(said(await kubectl(['create', '-f', '-'], watched)), '')
  t.equal(said(await here('label', 'issue', 'watched', 'seen=yes')), '')
  t.equal(said(await here('delete', 'issue', 'watched')), '')
  const wanted = ['ADDED', 'MODIFIED', 'DELETED'].map(type => new RegExp(`^${type} +watched `, 'm'))
  await until('it has seen all', async () => wanted.every(pattern => pattern.test(seen)), 10).catch(
    () => t.fail(seen),
  )
  child.kill()
  await ended
  for (const pattern of wanted) t.match(seen, pattern)
})

/** Does it for each, three at a time: there are two cores. */
async function each<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items]
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item)
  }
  await Promise.all([worker(), worker(), worker()])
}

/** The kinds whose objects nobody takes away. */
const records = new Set(
  Object.values<Rule>(rules)
    .filter(({ operations, advises }) => operations.includes('DELETE') && advises !== true)
    .flatMap(({ kinds }) => kinds),
)

t.test('delete, held by a finalizer and with every --cascade', async t => {
  const held = { metadata: { finalizers: ['example.com/hold'] } }
  t.equal(said(await here('patch', ...refs, '--type=merge', '-p', JSON.stringify(held))), '')
  const [stay, go] = [true, false].map(isRecord =>
    all.filter(({ resource }) => {
      const isNamed = ({ group, plural }: Kind) =>
        group === resource.kind.group && plural === resource.kind.plural
      return [...records].some(isNamed) === isRecord
    }),
  ) as [Shown[], Shown[]]
  const going = go.map(({ ref }) => ref)
  const cascades = ['background', 'foreground', 'orphan']
  for (const cascade of cascades) {
    const answer = await here('delete', '--dry-run=server', `--cascade=${cascade}`, ...refs)
    t.equal(lines(answer.stdout).length, going.length, answer.stderr)
    t.equal(lines(answer.stderr).length, stay.length)
    for (const line of lines(answer.stderr))
      t.match(line, /\(Forbidden\): .* nobody takes away; .*\[R/)
  }
  for (const { metadata, kind } of await objects()) t.notOk(metadata.deletionTimestamp, kind)
  for (const [index, cascade] of cascades.entries()) {
    const some = going.filter((_, place) => place % cascades.length === index)
    const answer = await here('delete', '--wait=false', `--cascade=${cascade}`, ...some)
    t.equal(said(answer), '', cascade)
    t.equal(lines(answer.stdout).length, some.length, cascade)
  }
  for (const { metadata, kind } of await objects()) {
    const isGoing = go.some(({ resource }) => resource.kind.kind === kind)
    t.equal(metadata.deletionTimestamp !== undefined, isGoing, kind)
    t.ok(metadata.finalizers?.includes('example.com/hold'), kind)
  }
  const gone = here('wait', '--for=delete', '--timeout=30s', ...going)
  const free = { metadata: { finalizers: null } }
  t.equal(said(await here('patch', ...refs, '--type=merge', '-p', JSON.stringify(free))), '')
  t.equal(said(await gone), '')
  const left = await here('get', ...refs, '-o', 'name')
  t.equal(lines(left.stdout).length, stay.length)
  t.equal(left.stderr.match(/^Error from server \(NotFound\): /gm)?.length, going.length)
})

t.test('figures', async t => {
  const seconds = (from: number) => Math.round((performance.now() - from) / 1000)
  t.ok(names.length > 0)
  t.comment(
    `${names.length} kinds, ${commands} processes of kubectl; ${seconds(began)} s, ${seconds(started)} s of them here`,
  )
})
