import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tap from 'tap'
import { endProcessesOf, processesOf, run, type Run } from '#hack/local/testing/run.ts'

// Each start is real; the sum of them outlasts the usual limit when the machine is busy.
const root = tap.testdir({})
const runs: Run[] = []
tap.teardown(() => {
  for (const one of runs) one.signal('SIGKILL')
  endProcessesOf(root)
})

function verb(name: string, home = 'home'): Run {
  const started = run(name, { KRADLE_HOME: join(root, home) })
  runs.push(started)
  return started
}

const ready = /^KUBECONFIG=(\/.+)$/m
const kubeconfig = join(root, 'home/kubeconfig')

function kubectl(...args: string[]): string {
  const path = processesOf(root)
    .find(({ command }) => command.includes('kube-apiserver'))
    ?.command.split(' ')[0]
  const tool = path?.replace('kube-apiserver', 'kubectl') ?? 'kubectl'
  return execFileSync(tool, ['--kubeconfig', kubeconfig, ...args], { encoding: 'utf8' })
}

tap.test('start says where it is, and Ctrl-C stops all of it', async t => {
  const first = verb('start')
  t.equal((await first.says(ready))[1], kubeconfig)
  await first.says(/Stop: Ctrl-C/)
  t.equal(statSync(kubeconfig).mode & 0o777, 0o600)
  t.equal(kubectl('config', 'current-context').trim(), 'admin')
  kubectl('create', 'configmap', 'survivor', '--namespace', 'default')

  const second = verb('start')
  t.equal(await second.ends(), 1)
  t.match(second.output(), `already running (pid ${first.pid})`)
  t.match(second.output(), `KUBECONFIG=${kubeconfig}`)
  const asUp = verb('up')
  t.equal(await asUp.ends(), 0)
  t.match(asUp.output(), `already running (pid ${first.pid})`)

  // What npm makes of one Ctrl-C: it reaches us from the terminal and once more from npm.
  first.signal('SIGINT')
  first.signal('SIGINT')
  t.equal(await first.ends(), 0)
  t.same(processesOf(root), [])
})

tap.test('a second start has the same data and is ready soon', async t => {
  const begun = Date.now()
  const second = verb('start')
  await second.says(ready)
  const took = (Date.now() - begun) / 1000
  t.comment(`ready after ${took.toFixed(1)} s`)
  // The promise is 20 s; other tests may keep the same cores busy.
  t.ok(took < 45, `${took} s`)
  t.match(kubectl('get', 'configmap', 'survivor', '--namespace', 'default'), 'survivor')
  second.signal('SIGTERM')
  t.equal(await second.ends(), 0)
  t.same(processesOf(root), [])
})

tap.test('up, a second instance beside it, down and reset', async t => {
  const up = verb('up')
  t.equal(await up.ends(), 0, up.output())
  t.match(up.output(), `KUBECONFIG=${kubeconfig}`)
  t.match(up.output(), 'Stop: npm run down')

  const beside = verb('start', 'beside')
  await beside.says(ready)
  t.match(kubectl('get', 'configmap', 'survivor', '--namespace', 'default'), 'survivor')
  beside.signal('SIGINT')
  t.equal(await beside.ends(), 0)

  const down = verb('down')
  t.equal(await down.ends(), 0)
  t.same(processesOf(root), [])
  const again = verb('down')
  t.equal(await again.ends(), 0)
  t.match(again.output(), `nothing runs in ${join(root, 'home')}`)

  mkdirSync(join(root, 'home/mine'))
  writeFileSync(join(root, 'home/mine/notes'), 'keep')
  const reset = verb('reset')
  t.equal(await reset.ends(), 0)
  t.match(reset.output(), join(root, 'home/etcd'))
  t.notOk(existsSync(join(root, 'home/etcd')))
  t.notOk(existsSync(kubeconfig))
  t.equal(
    readFileSync(join(root, 'home/mine/notes'), 'utf8'),
    'keep',
    'it deletes only what it made',
  )
})

tap.test('Ctrl-C before it is ready leaves nothing, and the next start begins cleanly', async t => {
  const early = verb('start', 'early')
  while (processesOf(join(root, 'early')).length < 2)
    await new Promise(done => setTimeout(done, 20))
  early.signal('SIGINT')
  t.equal(await early.ends(), 130)
  t.same(processesOf(join(root, 'early')), [])
})
