import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseDocument } from 'yaml'
import { command } from '#hack/command.ts'
import { CHART, drillOrganization, kindCluster, writable, writing } from '#test/support/kind.ts'

const cluster = kindCluster(t)
const { asked, client } = cluster
const slug = await drillOrganization(client)
await writable(client, slug)

const TEAMS = 'identity/teams.yaml'
const next = `${cluster.image.split(':')[0]}:next`

/** What the next version has on top: a field of a kind, a right, and code. */
function nextVersion(folder: string): string {
  const chart = join(folder, 'chart')
  cpSync(CHART, chart, { recursive: true })
  const definition = parseDocument(readFileSync(join('crds', TEAMS), 'utf8'))
  const spec = [
    'spec',
    'versions',
    0,
    'schema',
    'openAPIV3Schema',
    'properties',
    'spec',
    'properties',
  ]
  definition.setIn([...spec, 'drill'], {
    type: 'string',
    maxLength: 20,
    description: 'Only in a drill.',
  })
  mkdirSync(join(folder, 'image/crds/identity'), { recursive: true })
  writeFileSync(join(folder, 'image/crds', TEAMS), String(definition))
  writeFileSync(join(chart, 'crds', TEAMS), String(definition))
  const rbac = join(chart, 'files/rbac.yaml')
  const marker = '  name: kradle-scan-controller\n'
  const text = readFileSync(rbac, 'utf8')
  const at = text.indexOf('rules:\n', text.indexOf(marker)) + 'rules:\n'.length
  const rule = `  - apiGroups: [drill.kradle.a5c.ai]\n    resources: [drills]\n    verbs: [get]\n`
  writeFileSync(rbac, text.slice(0, at) + rule + text.slice(at))
  writeFileSync(
    join(folder, 'image/Dockerfile'),
    `FROM ${cluster.image}\nCOPY crds/ /kradle/crds/\nCOPY crds/ /kradle/charts/kradle/crds/\n`,
  )
  return chart
}

t.test('an upgrade brings definitions, rights and code, and no write fails', async t => {
  const folder = t.testdir()
  const chart = nextVersion(folder)
  await command('docker', ['build', '--network', 'none', '--tag', next, join(folder, 'image')])
  const load = process.env['KRADLE_KIND_LOAD']
  if (!load) throw new Error('KRADLE_KIND_LOAD is not set')
  await command('sh', ['-ec', `${load} ${next}`], { loud: true })

  const writes = writing(t, client, slug)
  await Promise.all([writes.configuration.more(10), writes.activity.more(10)])
  await cluster.upgrade(chart, next)
  await cluster.settled()
  await Promise.all([writes.configuration.more(10), writes.activity.more(10)])
  for (const line of await writes.stop()) t.comment(line)
  t.strictSame(writes.failures(), [])

  const all = '{.items[*].spec.template.spec.containers[*].image}'
  const images = await asked('get', 'deployments', '-n', 'kradle-system', '-o', `jsonpath=${all}`)
  t.strictSame([...new Set(images.split(' '))], [next])
  t.match(await asked('explain', 'teams.spec.drill'), /Only in a drill/)
  t.match(
    await asked('get', 'clusterrole', 'kradle-scan-controller', '-o', 'yaml'),
    /drill\.kradle/,
  )

  // Back again, as a rollback would.
  await cluster.upgrade(CHART, cluster.image)
  await cluster.settled()
  await writable(client, slug)
})
