import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import tap from 'tap'
import { resolveBinaries } from '#hack/local/binaries.ts'
import { compiledPath } from '#hack/local/cache.ts'
import { kyvernoDefinitions, definitionsFile } from '#hack/local/kyverno/definitions.ts'
import { quiet } from '#hack/local/progress.ts'
import { settingsFrom } from '#hack/local/settings.ts'
import { endProcessesOf, processesOf, run, type Run } from '#hack/local/testing/run.ts'

// How Kyverno comes to a cluster of `npm start`, and how such a cluster does without.

const root = tap.testdir({})
const runs: Run[] = []
tap.teardown(() => {
  for (const one of runs) one.signal('SIGKILL')
  endProcessesOf(root)
})

function start(home: string, flags: readonly string[], env: Record<string, string> = {}): Run {
  const started = run('start', { KRADLE_HOME: join(root, home), ...env }, flags)
  runs.push(started)
  return started
}

const isReady = /^KUBECONFIG=/m
const ctrlC = async (one: Run) => {
  one.signal('SIGINT')
  return one.ends()
}

tap.test('it joins a cluster that is ready, and goes with it', async t => {
  const first = start('home', [])
  await first.says(isReady)
  t.match((await first.says(/^Kyverno is ready \(.*\)$/m))[0], /\d s/)
  t.equal(processesOf(root).filter(({ command }) => command.includes('v1.19.1/kyverno')).length, 4)
  t.equal(await ctrlC(first), 0)
  t.same(processesOf(root), [])
})

tap.test('one that starts without it loses the webhooks that nobody would answer', async t => {
  const without = start('home', ['--without-kyverno'])
  await without.says(isReady)
  t.match(without.output(), /^without Kyverno: removed its \d+ webhook configurations$/m)
  t.equal(await ctrlC(without), 0)
})

const oldGo = '#!/bin/sh\necho go1.20.0\n'

/** A cache with everything but Kyverno, and a Go of its own. */
async function machine(name: string, go: string): Promise<Record<string, string>> {
  const own = settingsFrom(process.env, root)
  const folder = join(root, name)
  const [assets, bin, cache] = ['assets', 'bin', 'cache'].map(entry => join(folder, entry)) as [
    string,
    string,
    string,
  ]
  for (const made of [assets, bin, cache]) mkdirSync(made, { recursive: true })
  for (const [tool, path] of Object.entries(await resolveBinaries(own, quiet)))
    symlinkSync(path, join(assets, tool))
  // Without what Node compiled before, Kradle's processes alone would take a minute to start.
  mkdirSync(compiledPath(own), { recursive: true })
  symlinkSync(compiledPath(own), join(cache, 'compiled'))
  writeFileSync(join(bin, 'go'), go, { mode: 0o755 })
  const env = {
    ...process.env,
    KUBEBUILDER_ASSETS: assets,
    KRADLE_CACHE: cache,
    PATH: `${bin}:/usr/bin:/bin`,
  }
  const file = definitionsFile(settingsFrom(env, root))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(await kyvernoDefinitions(own)))
  return { KUBEBUILDER_ASSETS: assets, KRADLE_CACHE: cache, PATH: env.PATH }
}

tap.test('where it cannot be built, a line says why and the cluster goes on', async t => {
  const bare = start('bare', [], await machine('old', oldGo))
  await bare.says(isReady)
  const [said] = await bare.says(/^no Kyverno, .*$/m)
  t.match(said, 'kyverno has to be built and needs Go >= ')
  t.match(said, 'found Go 1.20.0')
  t.equal(await ctrlC(bare), 0)
})

/** As far as it is asked before a build begins, and then it never comes to an end. */
const busyGo = `#!/bin/sh
case "$*" in
  "env GOVERSION") echo go1.99.0 ;;
  env*) echo /tmp ;;
  *) sleep 1000 ;;
esac
`

tap.test('a build that is under way goes with the cluster', async t => {
  const building = start('building', [], await machine('busy', busyGo))
  await building.says(isReady)
  const [, log] = await building.says(/^building Kyverno meanwhile, about ten minutes; see (.*)$/m)
  t.ok(readdirSync(dirname(log!)).includes('kyverno-build.log'))
  await sleep(2_000)
  t.equal(await ctrlC(building), 0)
  t.same(processesOf(root), [])
  t.notMatch(building.output(), 'no Kyverno')
})
