import { existsSync, globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { kradleProcesses } from '#hack/local/kradle.ts'
import { activityKinds, kinds } from '#src/api/kinds.ts'
import { deployments } from '#src/deployments.ts'
import { hooks } from '#src/install/rights.ts'
import { mutations, rules } from '#webhooks/index.ts'

const named = { ...rules, ...mutations }

t.test('every rule is registered under the path of its file', async t => {
  const files = globSync('webhooks/*/*.ts').map(file =>
    file.slice('webhooks/'.length, -'.ts'.length),
  )
  t.strictSame(files.toSorted(), Object.keys(named).toSorted())
})

t.test('every rule gives its reason and its number in the rule book', async t => {
  for (const [name, rule] of Object.entries(named)) {
    const source = readFileSync(`webhooks/${name}.ts`, 'utf8')
    t.match(source, /\/\*\*\n \* [^]+ \*\/\nexport default (rule|mutation)\(/, name)
    t.ok(rule.enforces.length > 0, name)
    for (const number of rule.enforces) t.match(number, /^R\d{1,3}$/, name)
  }
})

t.test('every rule and every controller has its test', async t => {
  for (const file of globSync(['webhooks/**/*.ts', 'src/controllers/*/*.ts'])) {
    // An index is a list, effects are I/O, and types have nothing to run.
    if (/(index|effects|webhooks\/rule)\.ts$/.test(file)) continue
    t.ok(existsSync(`test/unit/${file.replace(/\.ts$/, '.test.ts')}`), file)
  }
})

t.test(
  'every process has a program, permissions, and a place in the local control plane',
  async t => {
    const [once, programs] = programsAndHooks()
    t.strictSame(
      once,
      hooks([], []).map(({ name }) => name),
    )
    t.strictSame(
      programs.toSorted(),
      deployments([])
        .map(({ name }) => name)
        .toSorted(),
    )
    t.strictSame(programs.toSorted(), kradleProcesses.map(({ name }) => name).toSorted())
  },
)

/** Hooks are done once, so nothing starts them but Helm. */
function programsAndHooks(): readonly [string[], string[]] {
  const all = globSync('src/cmd/*.ts').map(file => file.slice('src/cmd/'.length, -'.ts'.length))
  const isHook = (name: string) => name.startsWith('hook-')
  return [all.filter(isHook).toSorted(), all.filter(name => !isHook(name))]
}

t.test('every kind has one Deployment that writes its status, in the policy too', async t => {
  const policy = readFileSync('charts/kradle/admission/status-writers.yaml', 'utf8')
  const writers = new Map(
    deployments([]).flatMap(({ name, grants }) =>
      grants
        .filter(({ subresource }) => subresource === 'status')
        .map(({ kind }) => [kind.plural, name]),
    ),
  )
  for (const { plural } of kinds) t.match(policy, `'${plural}': '${writers.get(plural)}'`)
  // Of activity each by its name; one that has no writer yet is there all the same.
  const guarded = activityKinds.filter(({ plural }) => policy.includes(`- ${plural}/status\n`))
  t.strictSame(guarded, activityKinds)
  for (const { plural } of activityKinds.filter(kind => writers.has(kind.plural)))
    t.match(policy, `'${plural}': '${writers.get(plural)}'`)
})

t.test('every webhook is called on a path that is served', async t => {
  // The first word of its name is its path (src/controllers/admission/installation.ts).
  const shipped = readFileSync('charts/kradle/files/webhooks.yaml', 'utf8')
  const names = shipped.match(/(?<=^ {2}- name: ).*$/gm) ?? []
  t.ok(names.length > 0)
  for (const name of names) t.match(name, /^(validate|mutate)\./)
})
