import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import tap from 'tap'
import { artefactNames, type ArtefactName } from '#hack/local/artefacts.ts'
import { tryLock } from '#hack/local/lock.ts'
import { processesOf, run } from '#hack/local/testing/run.ts'
import { versions } from '#hack/versions.ts'

const system = `${process.platform}-${process.arch === 'x64' ? 'amd64' : 'arm64'}`
const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8') || '{}')
/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:19999'

/** A cache of its own, a PATH with nothing but what the test puts there, and no server to fetch from. */
function machine(test: Tap, tools: Record<string, string> = {}) {
  const root = test.testdir({ bin: {} })
  const bin = join(root, 'bin')
  for (const tool of ['sh', 'cat', 'tar', 'gzip', 'sleep', 'mkdir', 'cp'])
    symlinkSync(`/bin/${tool}`, join(bin, tool))
  for (const [name, text] of Object.entries(tools)) script(join(bin, name), text)
  const cache = join(root, 'cache')
  const env = {
    KRADLE_CACHE: cache,
    KRADLE_HOME: join(root, 'home'),
    KRADLE_KUBERNETES_DOWNLOADS: nowhere,
    KRADLE_ETCD_DOWNLOADS: nowhere,
    KUBEBUILDER_ASSETS: undefined,
    PATH: bin,
  }
  return {
    root,
    bin,
    cache,
    env,
    binaries: (more: Record<string, string> = {}) => run('binaries', { ...env, ...more }),
  }
}

type Tap = Pick<typeof tap, 'testdir'>

function script(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
}

function cached(cache: string, name: ArtefactName): string {
  return join(cache, 'bin', system, name === 'etcd' ? versions.etcd : versions.kubernetes, name)
}

/** Fills a cache with scripts that pass for sound binaries. */
function fill(cache: string, names: readonly ArtefactName[] = artefactNames): void {
  for (const name of names) {
    const path = cached(cache, name)
    script(path, `echo cached ${name}`)
    writeFileSync(`${path}.sha256`, `${sha256(readFileSync(path))}\n`)
  }
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex')
}

const says: Record<ArtefactName, string> = {
  etcd: `etcd Version: ${versions.etcd.slice(1)}`,
  'kube-apiserver': `Kubernetes ${versions.kubernetes}`,
  'kube-controller-manager': `Kubernetes ${versions.kubernetes}`,
  kubectl: `Client Version: ${versions.kubernetes}`,
}

/** Passes for a Go that builds: it writes the output file and logs each build. */
const fakeGo = (root: string, seconds = 0) => `case "$1" in
env) case "$2" in GOVERSION) echo go${versions.go};; *) echo ${root}; echo ${root};; esac;;
mod) echo 'module fake' > ${root}/upstream.mod; echo '{"GoMod":"${root}/upstream.mod"}';;
build) echo "$@" >> ${root}/builds
  sleep ${seconds}
  while [ "$1" != -o ]; do shift; done
  echo '#!/bin/sh' > "$2"; echo "echo built" >> "$2";;
esac`

function withGo(test: Tap, seconds = 0) {
  const made = machine(test)
  script(join(made.bin, 'go'), fakeGo(made.root, seconds))
  return made
}

async function serve(files: Record<string, string | Buffer>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const file = files[request.url ?? '']
    response.writeHead(file === undefined ? 404 : 200).end(file)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  tap.teardown(() => server.close())
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const releasePath = (name: string) =>
  `/${versions.kubernetes}/bin/${system.replace('-', '/')}/${name}`

tap.test('a folder chosen by hand comes before PATH, PATH before the cache', async t => {
  const { root, bin, cache, binaries } = machine(t)
  fill(cache)
  script(join(bin, 'kubectl'), `echo '${says.kubectl}'`)
  script(join(bin, 'etcd'), `echo '${says.etcd}'`)
  script(join(root, 'assets/etcd'), `echo '${says.etcd}'`)
  const found = binaries({ KUBEBUILDER_ASSETS: join(root, 'assets') })
  t.equal(await found.ends(), 0)
  t.match(found.output(), join(root, 'assets/etcd'))
  t.match(found.output(), `${join(bin, 'kubectl')}\n`)
  t.match(found.output(), cached(cache, 'kube-apiserver'))
})

tap.test('a binary of another version on PATH is passed over', async t => {
  const { bin, cache, binaries } = machine(t)
  fill(cache)
  script(join(bin, 'kubectl'), 'echo Client Version: v1.30.0')
  const found = binaries()
  t.equal(await found.ends(), 0)
  t.notMatch(found.output(), join(bin, 'kubectl'))
  t.match(found.output(), cached(cache, 'kubectl'))
})

tap.test('downloads are verified and kept', async t => {
  const { cache, binaries, env } = machine(t)
  fill(cache, ['etcd', 'kube-apiserver', 'kube-controller-manager'])
  const kubectl = '#!/bin/sh\necho released\n'
  const server = await serve({
    [releasePath('kubectl')]: kubectl,
    [`${releasePath('kubectl')}.sha256`]: sha256(kubectl),
  })
  const first = binaries({ KRADLE_KUBERNETES_DOWNLOADS: server.url })
  t.equal(await first.ends(), 0, first.output())
  t.equal(readFileSync(cached(cache, 'kubectl'), 'utf8'), kubectl)
  const second = run('binaries', env)
  t.equal(await second.ends(), 0, 'the second needs no server')
  t.same(server.asked, [`${releasePath('kubectl')}.sha256`, releasePath('kubectl')])
})

tap.test('etcd is taken out of its release archive', async t => {
  const { root, cache, binaries } = machine(t)
  fill(cache, ['kubectl', 'kube-apiserver', 'kube-controller-manager'])
  const folder = `etcd-${versions.etcd}-${system}`
  script(join(root, folder, 'etcd'), 'echo released')
  execFileSync('tar', ['-czf', join(root, 'etcd.tar.gz'), '-C', root, folder])
  const archive = readFileSync(join(root, 'etcd.tar.gz'))
  const server = await serve({
    [`/${versions.etcd}/${folder}.tar.gz`]: archive,
    [`/${versions.etcd}/SHA256SUMS`]: `${'0'.repeat(64)}  other.zip\n${sha256(archive)}  ${folder}.tar.gz\n`,
  })
  const found = binaries({ KRADLE_ETCD_DOWNLOADS: server.url })
  t.equal(await found.ends(), 0, found.output())
  t.match(readFileSync(cached(cache, 'etcd'), 'utf8'), 'released')
})

tap.test(
  'a download with another checksum is refused loudly, removed, and built instead',
  async t => {
    const { root, cache, binaries } = withGo(t)
    fill(cache, ['etcd', 'kube-apiserver', 'kube-controller-manager'])
    const server = await serve({
      [releasePath('kubectl')]: 'not what was promised',
      [`${releasePath('kubectl')}.sha256`]: sha256('promised'),
    })
    const found = binaries({ KRADLE_KUBERNETES_DOWNLOADS: server.url })
    t.equal(await found.ends(), 0, found.output())
    t.match(
      found.output(),
      /REFUSED a download of kubectl: .* has sha256 [0-9a-f]{64}, but .* says [0-9a-f]{64}/,
    )
    t.match(readFileSync(cached(cache, 'kubectl'), 'utf8'), 'built')
    t.match(readFileSync(join(root, 'builds'), 'utf8'), 'k8s.io/kubernetes/cmd/kubectl')
    t.same(
      readdirSync(dirname(cached(cache, 'kubectl'))).filter(name => name.startsWith('.')),
      [],
    )
  },
)

tap.test('a damaged or half-written binary in the cache is noticed and made again', async t => {
  const { cache, binaries } = withGo(t)
  fill(cache)
  writeFileSync(cached(cache, 'kubectl'), '#!/bin/sh\necho cut o')
  mkdirSync(join(dirname(cached(cache, 'etcd')), '.etcd.work'))
  writeFileSync(join(dirname(cached(cache, 'etcd')), '.etcd.work/etcd'), 'half')
  writeFileSync(`${cached(cache, 'kubectl')}.sha256.0a1b2c3d.part`, 'half')
  const found = binaries()
  t.equal(await found.ends(), 0, found.output())
  t.match(
    found.output(),
    `${cached(cache, 'kubectl')} does not match its checksum: getting it again`,
  )
  t.match(readFileSync(cached(cache, 'kubectl'), 'utf8'), 'built')
  t.notOk(existsSync(`${cached(cache, 'kubectl')}.sha256.0a1b2c3d.part`))
})

tap.test('an interrupted build leaves no process, no binary and no trouble', async t => {
  const { root, cache, binaries, env } = withGo(t, 60)
  fill(cache, ['etcd', 'kube-apiserver', 'kube-controller-manager'])
  const first = binaries()
  await first.says(/building kubectl/)
  while (!existsSync(join(root, 'builds'))) await sleep(20)
  first.signal('SIGINT')
  t.equal(await first.ends(), 130)
  t.notOk(existsSync(cached(cache, 'kubectl')))
  t.same(processesOf(root), [])

  const killed = binaries()
  // Not before it has noted whom it started: killed in between, nobody could know.
  const note = join(dirname(cached(cache, 'kubectl')), '.kubectl.work/group.json')
  const leader = () => (existsSync(note) ? (readJson(note) as { pid: number }).pid : 0)
  const isBuilding = () =>
    processesOf(root).some(({ pid, command }) => pid === leader() && command.includes(' build '))
  while (!isBuilding()) await sleep(20)
  killed.signal('SIGKILL')
  await killed.ends()
  script(join(root, 'bin/go'), fakeGo(root))
  const next = run('binaries', env)
  t.equal(await next.ends(), 0, next.output())
  t.notMatch(next.output(), 'waiting for')
  t.same(processesOf(root), [], 'the compiler that outlived the kill was stopped')
  t.match(readFileSync(cached(cache, 'kubectl'), 'utf8'), 'built')
})

tap.test('two instances build one artefact once', async t => {
  const { root, cache, binaries } = withGo(t, 1)
  fill(cache, ['etcd', 'kube-apiserver', 'kube-controller-manager'])
  const both = [binaries(), binaries()]
  t.same(await Promise.all(both.map(one => one.ends())), [0, 0])
  t.match(both.map(one => one.output()).join(''), /waiting for pid \d+, which is getting kubectl/)
  t.equal(readFileSync(join(root, 'builds'), 'utf8').trim().split('\n').length, 1)
})

tap.test('a lock of a process that is gone, or of another with its pid, is taken over', async t => {
  const { cache, binaries } = withGo(t)
  fill(cache, ['etcd', 'kube-apiserver', 'kube-controller-manager'])
  const lock = `${cached(cache, 'kubectl')}.lock`
  mkdirSync(dirname(lock), { recursive: true })
  writeFileSync(lock, JSON.stringify({ pid: process.pid, started: 'long ago' }))
  const found = binaries()
  t.equal(await found.ends(), 0, found.output())
  t.notMatch(found.output(), 'waiting')
  t.notOk(existsSync(lock))

  const held = tryLock(lock)
  t.ok('release' in held)
  t.same((tryLock(lock) as { pid: number }).pid, process.pid, 'a living holder keeps it')
})

for (const [found, go] of [
  ['found no Go', undefined],
  ['found Go 1.25.4', 'echo go1.25.4'],
] as const) {
  tap.test(`${found}: one line with the version needed and the ways out`, async t => {
    const { cache, binaries } = machine(t, go ? { go } : {})
    fill(cache, ['etcd', 'kube-controller-manager', 'kubectl'])
    const failed = binaries()
    t.equal(await failed.ends(), 1)
    const lines = failed
      .output()
      .split('\n')
      .filter(line => line.includes('Go'))
    t.equal(lines.length, 1, failed.output())
    for (const part of [
      found,
      versions.go,
      'kube-apiserver',
      versions.kubernetes,
      'PATH',
      'KUBEBUILDER_ASSETS',
    ]) {
      t.match(lines[0], part)
    }
    t.notMatch(failed.output(), /\n\s+at /, 'no stack trace')
  })
}

tap.test('a build that fails names its log', async t => {
  const { root, bin, cache, binaries } = machine(t)
  script(join(bin, 'go'), fakeGo(root).replace('sleep 0', 'echo main.go:1: broken >&2; exit 1'))
  fill(cache, ['etcd', 'kube-apiserver', 'kube-controller-manager'])
  const failed = binaries()
  t.equal(await failed.ends(), 1)
  t.match(failed.output(), join(cache, 'logs/build-kubectl.log'))
  t.match(failed.output(), 'main.go:1: broken')
  t.notMatch(failed.output(), /\n\s+at /)
})
