import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { policyTestOf } from '#src/policy-test/document.ts'
import { askKyverno, findKyverno } from '#src/policy-test/kyverno-cli.ts'
import type { Suite } from '#src/policy-test/suite.ts'

// The real one is asked in test/integration/policy-test.test.ts; here it is what else could be found under its name.

const folder = t.testdir({ bin: {}, other: { kyverno: {} } })
const program = (name: string, script: string): string => {
  const path = join(folder, 'bin', name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}
const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }
const suite = (spec: object): Suite => ({
  template: {
    metadata: { name: 'x' },
    spec: { kyverno: { type: 'Validating', spec: {} } },
  } as PolicyTemplate,
  test: policyTestOf({
    apiVersion: 'cli.kradle.a5c.ai/v1alpha1',
    kind: 'PolicyTest',
    metadata: { name: 'x' },
    spec,
  }),
  policy: {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'NamespacedValidatingPolicy',
    metadata: { name: 'x', namespace: 'kradle-org-acme' },
    spec: {},
  },
  exceptions: [],
})
const one = suite({ objects: [{ result: 'fail', object }] })

t.test('is the one that is given, or one on the path', async t => {
  const path = `:${join(folder, 'nowhere')}:${join(folder, 'other')}:${join(folder, 'bin')}`
  t.equal(findKyverno(undefined, path), undefined, 'a folder of that name is none')
  writeFileSync(join(folder, 'bin', 'kubectl-kyverno'), '')
  t.equal(findKyverno(undefined, path), undefined, 'nor is a file that cannot be run')
  const found = program('kyverno', '')
  t.equal(findKyverno(undefined, path), found)
  t.equal(findKyverno(found, ''), found)
  t.throws(() => findKyverno(join(folder, 'x'), path), {
    code: 'InvalidFlag',
    message: /--kyverno .*x: is no program/,
  })
})

t.test('is asked in a folder of its own, and read whatever its exit code', async t => {
  const rows = JSON.stringify(
    [{ RESOURCE: 'v1/Pod/kradle-org-acme/p', RESULT: 'Pass', REASON: 'Ok', Message: 'no' }],
    undefined,
    2,
  )
  const says = program(
    'says',
    `[ "$1" = test ] && [ -f "$2/kyverno-test.yaml" ] && cat <<'EOF'\n${rows}\nEOF\nexit 1`,
  )
  t.strictSame(await askKyverno(says, one), new Map([['p', { result: 'fail', message: 'no' }]]))
})

t.test('is not asked about nothing', async t => {
  const changes = suite({ objects: [{ result: 'fail', object, oldObject: object }] })
  t.strictSame(await askKyverno('/nowhere', changes), new Map())
})

t.test('says why where it does not get so far', async t => {
  const code = 'KyvernoFailed'
  const wails = program('wails', 'echo one; echo two; echo "Error: no way" >&2; exit 1')
  await t.rejects(askKyverno(wails, one), { code, message: /wails says: Error: no way$/ })
  const mumbles = program('mumbles', 'echo one; echo two')
  await t.rejects(askKyverno(mumbles, one), { code, message: /mumbles says: two$/ })
  await t.rejects(askKyverno(join(folder, 'gone'), one), { code, message: /gone: spawn .*ENOENT/ })
  const broken = program(
    'broken',
    'echo "  ERROR: x/policy.yaml: failed to validate resource (no)"; echo "[]"',
  )
  await t.rejects(askKyverno(broken, one), { code, message: /broken says: .*policy\.yaml: failed/ })
})
