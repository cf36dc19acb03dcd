import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import tap from 'tap'
import { endProcessesOf, processesOf, run } from '#hack/local/testing/run.ts'

const MiB = 1024 ** 2
// Each start is real; the sum of them outlasts the usual limit when the machine is busy.
const root = tap.testdir({ disk: {} })
const disk = join(root, 'disk')
tap.teardown(() => endProcessesOf(root))

/** A disk of its own, which only root may mount; undefined where that is not allowed. */
function mountDisk(megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', disk], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

function unmountDisk(): void {
  execFileSync('umount', ['-l', disk])
}

const options = mountDisk(10) ? {} : { skip: 'mounting a small tmpfs is not permitted here' }
if (!options.skip) unmountDisk()

tap.test('too little room is said before anything is begun', options, async t => {
  mountDisk(100)
  t.teardown(unmountDisk)
  const home = join(disk, 'home')
  const failed = run('start', { KRADLE_HOME: home })
  t.equal(await failed.ends(), 1)
  t.match(
    failed.output(),
    /^not enough disk space to start a cluster: .* has \d+ MiB free and needs 300 MiB$/m,
  )
  t.same(processesOf(home), [])
})

tap.test(
  'a disk that fills up during a download gives one line and leaves nothing',
  options,
  async t => {
    mountDisk(550)
    t.teardown(unmountDisk)
    const server = createServer((request, response) => {
      if (request.url?.endsWith('.sha256')) {
        response.end(createHash('sha256').update('never arrives').digest('hex'))
        return
      }
      const block = Buffer.alloc(MiB)
      const send = () => {
        while (response.write(block));
        response.once('drain', send)
      }
      send()
      response.on('close', () => response.removeAllListeners('drain'))
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    t.teardown(() => {
      server.closeAllConnections()
      server.close()
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const cache = join(disk, 'cache')
    const failed = run('binaries', {
      KRADLE_CACHE: cache,
      KRADLE_KUBERNETES_DOWNLOADS: url,
      KRADLE_ETCD_DOWNLOADS: url,
      KUBEBUILDER_ASSETS: fakeAssets(),
      PATH: '/usr/bin:/bin',
    })
    t.equal(await failed.ends(), 1)
    t.match(failed.output(), /^no space left on the disk/m)
    t.notMatch(failed.output(), /\n\s+at /, 'no stack trace')
    const left = readdirSync(cache, { recursive: true, withFileTypes: true }).filter(entry =>
      entry.isFile(),
    )
    t.same(
      left.map(({ name }) => name),
      [],
    )
  },
)

tap.test(
  'a disk that fills up under a running cluster: told, stopped, and a clean next start',
  options,
  async t => {
    mountDisk(450)
    t.teardown(unmountDisk)
    const home = join(disk, 'home')
    const env = { KRADLE_HOME: home }
    const stack = run('start', env)
    t.teardown(() => stack.signal('SIGKILL'))
    await stack.says(/Stop: Ctrl-C/)
    const filler = join(disk, 'filler')
    fill(filler)
    process.kill(
      Number(processesOf(home).find(({ command }) => command.includes('/etcd '))?.pid),
      'SIGKILL',
    )
    await stack.says(/no space left on the disk/)
    stack.signal('SIGINT')
    t.equal(await stack.ends(), 0)
    t.same(processesOf(home), [])

    const refused = run('start', env)
    t.equal(await refused.ends(), 1)
    t.match(refused.output(), /^(not enough disk space|no space left on the disk)/m)
    t.notMatch(refused.output(), /\n\s+at /)

    rmSync(filler)
    const next = run('start', env)
    t.teardown(() => next.signal('SIGKILL'))
    await next.says(/Stop: Ctrl-C/)
    next.signal('SIGINT')
    t.equal(await next.ends(), 0)
    t.same(processesOf(home), [])
  },
)

function fill(path: string): void {
  const block = Buffer.alloc(MiB)
  try {
    for (;;) writeFileSync(path, block, { flag: 'a' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

/** Everything but the API server is there, so that exactly that one is fetched. */
function fakeAssets(): string {
  const assets = join(root, 'assets')
  if (!existsSync(assets)) mkdirSync(assets)
  for (const name of ['etcd', 'kube-controller-manager', 'kubectl']) {
    writeFileSync(join(assets, name), '#!/bin/sh\n', { mode: 0o755 })
  }
  return assets
}
