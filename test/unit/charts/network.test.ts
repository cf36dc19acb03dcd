import { globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { deployments } from '#src/deployments.ts'
import { flowsOf } from '#test/support/network-table.ts'

const page = readFileSync('docs/network.md', 'utf8')
const flows = flowsOf(page)

t.test('flows are between who is named', async t => {
  const ours = [...deployments([]).map(({ name }) => name), '*']
  const others = ['any', 'api-servers', 'dns', 'metrics-readers', 'postgresql']
  t.ok(flows.length >= 10)
  for (const { from, to, port, protocol, why } of flows) {
    const flow = `${from} -> ${to}:${port}`
    t.ok([...ours, ...others].includes(from) && [...ours, ...others].includes(to), flow)
    t.ok(ours.includes(from) || ours.includes(to), flow)
    t.match(port, /^\d+(-\d+)?$/, flow)
    t.match(protocol, /^(TCP|UDP)$/, flow)
    t.not(why, '', flow)
  }
  for (const name of others.filter(each => each !== 'any')) t.match(page, `- \`${name}\``, name)
})

t.test('what opens connections is what the table speaks of', async t => {
  const opening =
    /\bhttps?\.request\(|#http\.request\(|new pg\.(Pool|Client)\(|[^.\w]fetch\(|\b(net|tls)\.connect\(/
  const opens = globSync('src/**/*.ts').filter(file => {
    const source = readFileSync(file, 'utf8').replaceAll(/async fetch\(/g, '')
    return opening.test(source)
  })
  t.strictSame(opens.toSorted(), [
    'src/apiserver/admission/webhook/transport.ts', // apiserver -> any
    'src/apiserver/storage/hints.ts', // apiserver -> postgresql
    'src/apiserver/storage/migrate.ts',
    'src/apiserver/storage/sessions.ts',
    'src/lib/outbound.ts', // identity-controller -> any
    'src/lib/transport.ts', // * -> api-servers
  ])
  const looks = globSync('src/**/*.ts').filter(file =>
    /from '.*\/outbound\.ts'/.test(readFileSync(file, 'utf8')),
  )
  t.strictSame(looks, ['src/controllers/identity/effects.ts'])
})
