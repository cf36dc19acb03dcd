import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { testedIn } from '#src/policy-test/folders.ts'

const root = t.testdir()
const put = (path: string, ...documents: readonly unknown[]): string => {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, documents.map(each => JSON.stringify(each)).join('\n---\n'))
  return file
}
const template = (name: string) => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'PolicyTemplate',
  metadata: { name },
  spec: { kyverno: { type: 'Validating', spec: {} } },
})
const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }
const test = (name: string) => ({
  apiVersion: 'cli.kradle.a5c.ai/v1alpha1',
  kind: 'PolicyTest',
  metadata: { name },
  spec: { objects: [{ result: 'pass', object }] },
})

t.test('finds templates and their tests by name, and follows no link', async t => {
  put('good/b/template.yaml', template('b'))
  put('good/b/tests/2.yaml', test('two'), test('three'))
  put('good/b/tests/1.yml', test('one'))
  put('good/b/tests/notes.txt', 'x')
  put('good/b/README.md', 'x')
  put('good/a/nested/template.yaml', template('a'))
  put('good/a/nested/tests/1.yaml', test('one'))
  put('good/node_modules/x/template.yaml', template('x'))
  symlinkSync(join(root, 'good'), join(root, 'good', 'link'))
  t.strictSame(
    testedIn([join(root, 'good')]).map(({ file, template: { metadata }, tests }) => [
      file,
      metadata.name,
      tests.map(({ name }) => name),
    ]),
    [
      [join(root, 'good/a/nested/template.yaml'), 'a', ['one']],
      [join(root, 'good/b/template.yaml'), 'b', ['one', 'two', 'three']],
    ],
  )
})

const wrong: Readonly<Record<string, readonly [() => string, RegExp]>> = {
  'a folder that is not there': [() => join(root, 'nowhere'), /nowhere: is no folder$/],
  'a folder without templates': [
    () => dirname(put('empty/README.md', 'x')),
    /^no template\.yaml below .*empty$/,
  ],
  'a template without tests': [
    () => dirname(put('untested/template.yaml', template('x'))),
    /untested\/tests: is missing/,
  ],
  'an empty folder of tests': [
    () => {
      put('none/tests/notes.txt', 'x')
      return dirname(put('none/template.yaml', template('x')))
    },
    /none\/tests: has no tests$/,
  ],
  'something else': [
    () => dirname(put('other/template.yaml', { ...template('x'), kind: 'Pod' })),
    /other\/template\.yaml: is no PolicyTemplate$/,
  ],
  'another version': [
    () => dirname(put('version/template.yaml', { ...template('x'), apiVersion: 'v1' })),
    /is no PolicyTemplate$/,
  ],
  'a template without a body': [
    () => dirname(put('bodiless/template.yaml', { ...template('x'), spec: {} })),
    /is no PolicyTemplate$/,
  ],
  'an empty file': [() => dirname(put('blank/template.yaml')), /is no PolicyTemplate$/],
  'two templates in a file': [
    () => dirname(put('two/template.yaml', template('x'), template('y'))),
    /two\/template\.yaml: holds more than one object$/,
  ],
  'a test that is none': [
    () => {
      put('broken/tests/1.yaml', test('x'), { ...test('y'), spec: {} })
      return dirname(put('broken/template.yaml', template('x')))
    },
    /broken\/tests\/1\.yaml:3: spec\.objects: is missing$/,
  ],
  'a file that is no YAML': [
    () => {
      const file = put('unreadable/template.yaml')
      writeFileSync(file, 'a: b: c\n')
      return dirname(file)
    },
    /unreadable\/template\.yaml:1: /,
  ],
}

for (const [name, [folder, message]] of Object.entries(wrong))
  t.test(`refuses ${name}`, async t => {
    t.throws(() => testedIn([folder()]), { code: 'InvalidPolicyTest', message })
  })
