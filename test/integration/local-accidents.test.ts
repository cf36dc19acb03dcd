import { createServer, type Server } from 'node:net'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tap from 'tap'
import { endProcessesOf, processesOf, run, type Run } from '#hack/local/testing/run.ts'

// Each start is real; the sum of them outlasts the usual limit when the machine is busy.
const root = tap.testdir({})
const home = join(root, 'home')
const runs: Run[] = []
tap.teardown(() => {
  for (const one of runs) one.signal('SIGKILL')
  endProcessesOf(root)
})

function start(): Run {
  const started = run('start', { KRADLE_HOME: home })
  runs.push(started)
  return started
}

const ready = /^KUBECONFIG=/m

function pidOf(name: string): number {
  return (JSON.parse(readFileSync(join(home, 'run', `${name}.json`), 'utf8')) as { pid: number })
    .pid
}

tap.test('a child that is killed comes back, and a line says so', async t => {
  const stack = start()
  await stack.says(/Stop: Ctrl-C/)
  for (const name of ['identity-controller', 'kube-controller-manager', 'etcd']) {
    const before = pidOf(name)
    process.kill(before, 'SIGKILL')
    await stack.says(new RegExp(`${name} died \\(SIGKILL\\), starting it again in 0.5 s`))
    await stack.says(new RegExp(`${name} is back \\(pid \\d+\\)`))
    t.not(pidOf(name), before)
  }

  const before = processesOf(home).filter(({ pid }) => pid !== stack.pid)
  stack.signal('SIGKILL')
  await stack.ends()
  t.same(
    processesOf(home).length,
    before.length,
    'the children outlive a supervisor that is killed',
  )
})

tap.test(
  'the next start stops exactly what a killed one left, and no stranger with a reused pid',
  async t => {
    const left = processesOf(home)
    t.ok(left.length >= 3)
    // This very process: a pid file that names it with another start time must not cost its life.
    writeFileSync(
      join(home, 'run/stranger.json'),
      JSON.stringify({ name: 'stranger', pid: process.pid, started: 'long ago' }),
    )
    writeFileSync(join(home, 'run/half.json'), '{"name": "ha')
    const stack = start()
    await stack.says(/Stop: Ctrl-C/)
    for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager']) {
      t.match(
        stack.output(),
        new RegExp(`stopping ${name} \\(pid \\d+\\), left over from a run that was killed`),
      )
    }
    t.notMatch(stack.output(), 'stranger')
    t.notOk(existsSync(join(home, 'run/stranger.json')))
    const living = processesOf(home).map(({ pid }) => pid)
    t.same(
      left.filter(({ pid }) => living.includes(pid)),
      [],
    )
    stack.signal('SIGINT')
    t.equal(await stack.ends(), 0)
    t.same(processesOf(home), [])
  },
)

tap.test('a stale lock, taken ports and half-made data do not stop a start', async t => {
  const before = JSON.parse(readFileSync(join(home, 'ports.json'), 'utf8')) as Record<
    string,
    number
  >
  writeFileSync(
    join(home, 'run/supervisor.lock'),
    JSON.stringify({ pid: process.pid, started: 'long ago' }),
  )
  const taken = await listen(before['kube-apiserver']!)
  t.teardown(() => taken.close())
  // As if the very first start had been cut off: its database was never used.
  rmSync(join(home, 'initialised'))
  rmSync(join(home, 'etcd'), { recursive: true })
  mkdirSync(join(home, 'etcd/member/wal'), { recursive: true })
  writeFileSync(join(home, 'etcd/member/wal/0000000000000000-0000000000000000.wal'), 'cut off')

  const stack = start()
  await stack.says(/Stop: Ctrl-C/)
  const after = JSON.parse(readFileSync(join(home, 'ports.json'), 'utf8')) as Record<string, number>
  t.not(after['kube-apiserver'], before['kube-apiserver'])
  t.equal(after['etcd'], before['etcd'], 'the others stay')
  t.match(
    readFileSync(join(home, 'kubeconfig'), 'utf8'),
    `https://127.0.0.1:${after['kube-apiserver']}`,
  )
  stack.signal('SIGINT')
  t.equal(await stack.ends(), 0)
})

tap.test(
  'a database that is damaged is named with the way out, and nothing is left running',
  async t => {
    writeFileSync(join(home, 'etcd/member/snap/db'), Buffer.alloc(8192, 7))
    const stack = start()
    t.equal(await stack.ends(), 1)
    t.match(stack.output(), /etcd stopped while starting, see .*etcd\.log/)
    t.match(stack.output(), 'npm run reset')
    t.notMatch(stack.output(), /\n\s+at .*\.ts:/, 'no stack trace of ours')
    t.same(processesOf(home), [])

    const reset = run('reset', { KRADLE_HOME: home })
    t.equal(await reset.ends(), 0)
    const next = start()
    await next.says(ready)
    next.signal('SIGINT')
    t.equal(await next.ends(), 0)
  },
)

async function listen(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', done)
  })
  return server
}
