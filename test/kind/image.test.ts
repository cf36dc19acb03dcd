import { globSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { ended } from '#hack/command.ts'
import { buildImage } from '#hack/image/build.ts'
import { quiet } from '#hack/local/progress.ts'
import { deployments } from '#src/deployments.ts'

// Needs docker, and a base: KRADLE_IMAGE_BASE, or the one of the Dockerfile.

const base = process.env['KRADLE_IMAGE_BASE'] ?? 'node:24-bookworm-slim'
const build = (tag: string) =>
  buildImage({ repository: process.cwd(), tag, base, fresh: true }, quiet)

const image = await build('kradle/kradle:test-1')
t.teardown(() => ended('docker', ['rmi', 'kradle/kradle:test-1', 'kradle/kradle:test-2']))

t.test('the same tree gives the same layer, wherever and whenever it is staged', async t => {
  const again = await build('kradle/kradle:test-2')
  t.strictSame(again.layers, image.layers)
  t.equal(again.sbom, image.sbom)
})

const locked = ['--read-only', '--network', 'none', '--user', '1000', '--cap-drop', 'ALL']
const run = (...args: string[]) =>
  ended('docker', ['run', '--rm', ...locked, '--security-opt', 'no-new-privileges', ...args])

t.test('nothing in it is for its user to write', async t => {
  const { stdout } = await run(
    image.tag,
    '--eval',
    `const { accessSync, constants, readdirSync } = require('node:fs')
     const { join } = require('node:path')
     const all = readdirSync('/kradle', { recursive: true, withFileTypes: true })
     const writable = all.map(({ parentPath, name }) => join(parentPath, name)).filter(path => {
       try { accessSync(path, constants.W_OK); return true } catch { return false }
     })
     console.log(JSON.stringify({ uid: process.getuid(), cwd: process.cwd(), writable, files: all.length }))`,
  )
  const found = JSON.parse(stdout) as {
    uid: number
    cwd: string
    writable: string[]
    files: number
  }
  t.match(found, { uid: 1000, cwd: '/kradle', writable: [] })
  t.ok(found.files > 1000)
})

t.test('every program starts in it, and misses nothing but a cluster', async t => {
  const programs = globSync('src/cmd/*.ts').map(file => basename(file))
  t.ok(programs.length >= deployments([]).length)
  for (const program of programs) {
    const { code, stdout, stderr } = await run(image.tag, `src/cmd/${program}`)
    t.not(code, 0, program)
    t.match(`${stdout}${stderr}`, /NoConfiguration|InvalidFlag/, program)
    t.notMatch(stderr, /ERR_MODULE_NOT_FOUND|ENOENT|Cannot find/, program)
  }
})
