import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import t from 'tap'
import { resolveBinary } from '#hack/local/binaries.ts'
import { kyvernoCli } from '#hack/local/kyverno/artefacts.ts'
import { quiet } from '#hack/local/progress.ts'
import { settingsFrom } from '#hack/local/settings.ts'
import type { Outcome } from '#src/policy-test/outcome.ts'

// `kradle policy test` as people run it, with Kyverno's own command line: the catalogue comes out as its tests say, and Kradle
// makes of every object what Kyverno makes of it.

const kyverno = await resolveBinary(kyvernoCli, settingsFrom(process.env, process.cwd()), quiet)

const folder = mkdtempSync(join(tmpdir(), 'kradle-policies-'))
t.teardown(() => rmSync(folder, { recursive: true }))

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const run = (args: readonly string[], PATH = process.env['PATH']): Promise<Ran> =>
  promisify(execFile)(process.execPath, ['src/cli/main.ts', 'policy', ...args], {
    env: { ...process.env, PATH },
    maxBuffer: 64 * 1024 * 1024,
  }).then(
    said => ({ code: 0, ...said }),
    ({ code, stdout, stderr }: Ran) => ({ code, stdout, stderr }),
  )

t.test('the catalogue comes out as its tests say, for Kyverno and for Kradle', async t => {
  const { code, stdout, stderr } = await run([
    'test',
    'policies',
    '--kyverno',
    kyverno,
    '-o',
    'json',
  ])
  t.equal(stderr, '')
  const { results } = JSON.parse(stdout) as { results: readonly Outcome[] }
  t.strictSame(
    results.filter(({ problems }) => problems.length > 0),
    [],
  )
  t.equal(code, 0)
  t.ok(results.length > 100)
  t.comment(`${results.length} objects, ${results.filter(({ kradle }) => kradle).length} by Kradle`)
})

t.test('what comes out otherwise is said, by both', async t => {
  cpSync('policies/no-draft-merge', join(folder, 'wrong'), { recursive: true })
  const file = join(folder, 'wrong', 'template.yaml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('size(variables.foundLabels) == 0', "'true'"))
  const wrong = await run(['test', folder, '--kyverno', kyverno, '--quiet'])
  t.match(wrong, {
    code: 1,
    stdout:
      /^failed +no-draft-merge\/defaults +PullRequest\/labelled +fail\n {2}Kyverno says pass/m,
  })
})

t.test('what cannot be tried is said, too', async t => {
  t.match(await run(['test', 'policies'], '/nowhere'), {
    code: 2,
    stderr: /Kyverno's CLI is not on the PATH: install it .*--without-kyverno/,
  })
  t.match(await run(['test', 'docs/examples', '--without-kyverno']), {
    code: 2,
    stderr: /no template\.yaml below docs\/examples/,
  })
  t.match(await run(['test', 'policies', '--kyverno', 'README.md']), {
    code: 2,
    stderr: /--kyverno README\.md: is no program/,
  })
  t.match(await run(['try']), { code: 2, stderr: /"policy try" is no command/ })
  t.match(await run(['test', '-o', 'yaml']), { code: 2, stderr: /--output yaml: must be/ })
  t.match(await run(['test', '--kyverno', kyverno, '--without-kyverno']), {
    code: 2,
    stderr: /give one of them/,
  })
  t.match(await run(['test', '--fast']), { code: 2, stderr: /--fast/ })
  t.match(await run([]), { code: 0, stdout: /kradle policy test \[folder/ })
})
