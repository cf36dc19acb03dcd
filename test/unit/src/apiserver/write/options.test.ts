import t from 'tap'
import { admissionOptions, managerOf, writeOptions } from '#src/apiserver/write/options.ts'

const read = (
  query: string,
  kind: 'CreateOptions' | 'PatchOptions' = 'CreateOptions',
  isApply = false,
) => writeOptions(new URLSearchParams(query), kind, isApply)

t.test('reads the query', async t => {
  const plain = { dryRun: false, fieldManager: '', fieldValidation: 'Warn', force: false } as const
  t.strictSame(read(''), plain)
  t.strictSame(read('force=true'), plain, 'only patches can be forced')
  t.strictSame(
    read('dryRun=All&fieldManager=me&fieldValidation=Strict&force=1', 'PatchOptions', true),
    {
      dryRun: true,
      fieldManager: 'me',
      fieldValidation: 'Strict',
      force: true,
    },
  )
})

t.test('says everything that is wrong', async t => {
  const bad: [
    query: string,
    kind: 'CreateOptions' | 'PatchOptions',
    isApply: boolean,
    says: string,
  ][] = [
    [
      'dryRun=x',
      'CreateOptions',
      false,
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["x"]: supported values: "All"',
    ],
    [
      'force=1',
      'PatchOptions',
      false,
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ],
    [
      '',
      'PatchOptions',
      true,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    [
      'fieldValidation=x',
      'CreateOptions',
      false,
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "x": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    [
      `fieldManager=${'é'.repeat(65)}`,
      'CreateOptions',
      false,
      'CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ],
    [
      'fieldManager=%C3%A9%0A',
      'CreateOptions',
      false,
      String.raw`CreateOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "é\n": invalid character U+000A (at position 2)`,
    ],
  ]
  for (const [query, kind, isApply, message] of bad)
    t.throws(() => read(query, kind, isApply), { code: 422, reason: 'Invalid', message })
})

t.test('who writes', async t => {
  t.equal(managerOf(read('fieldManager=me'), 'kubectl/v1'), 'me')
  t.equal(managerOf(read(''), 'kub\nectl/v1 (linux)'), 'kubectl')
  t.equal(managerOf(read(''), 'é'.repeat(100)), 'é'.repeat(64))
  t.equal(managerOf(read(''), ''), '')
})

t.test('what admission is shown', async t => {
  t.strictSame(admissionOptions(read(''), null, 'CREATE'), {
    kind: 'CreateOptions',
    apiVersion: 'meta.k8s.io/v1',
  })
  t.strictSame(admissionOptions(read('dryRun=All&fieldManager=me'), 'Warn', 'UPDATE'), {
    kind: 'UpdateOptions',
    apiVersion: 'meta.k8s.io/v1',
    dryRun: ['All'],
    fieldManager: 'me',
    fieldValidation: 'Warn',
  })
})
