import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readAnswers, readRefusals, refusalOf } from '#hack/gen/refusals.ts'

const team = 'kind: Team\nmetadata: { name: core }\n'

t.test('the last document is refused, the others come before it', async t => {
  const { rule, before, refused } = refusalOf('r28-a.yaml', `# Why.\n${team}---\nkind: User\n`)
  t.equal(rule, 'R28')
  t.match(before, [{ text: `# Why.\n${team.trimEnd()}`, object: { metadata: { name: 'core' } } }])
  t.match(refused, { object: { kind: 'User' }, as: undefined, verb: 'apply', subresource: '' })
})

t.test('the head of a document says how it is sent', async t => {
  const head = '# as: system:x:y\n# verb: delete\n# subresource: status\n'
  const { before, refused } = refusalOf('r1-a.yaml', `${team}---\n${head}${team}`)
  t.match(before, [{ as: undefined, verb: 'apply' }])
  t.match(refused, { as: 'system:x:y', verb: 'delete', subresource: 'status' })
  t.throws(() => refusalOf('r1-a.yaml', `# verb: patch\n${team}`), {
    message: 'r1-a.yaml: verb "patch" is neither apply nor delete',
  })
})

t.test('an alias may stand for as much as it likes', async t => {
  const ten = (name: string) => `[${Array.from({ length: 20 }, () => `*${name}`).join()}]`
  const { refused } = refusalOf('r15-a.yaml', `a: &a x\nb: &b ${ten('a')}\nc: ${ten('b')}\n`)
  t.equal(JSON.stringify(refused.object).match(/x/g)?.length, 1 + 20 + 400)
})

t.test('a folder is read by number', async t => {
  const folder = t.testdir({ 'r10-a.yaml': team, 'r9-b.yaml': team, 'r9-a.yaml': team })
  t.strictSame(
    readRefusals(folder).map(({ file }) => file),
    ['r9-a.yaml', 'r9-b.yaml', 'r10-a.yaml'],
  )
  writeFileSync(join(folder, 'team.yaml'), team)
  t.throws(() => readRefusals(folder), {
    message: 'team.yaml: expected a name such as r28-what.yaml',
  })
})

t.test('answers are read by file, and there may be none', async t => {
  const folder = t.testdir({ none: '', one: 'r9-a.yaml: No.\n' })
  t.strictSame(readAnswers(join(folder, 'none')), {})
  t.strictSame(readAnswers(join(folder, 'one')), { 'r9-a.yaml': 'No.' })
})

t.test('the folder that is shipped is read', async t => {
  t.strictSame(
    readRefusals()
      .map(({ file }) => file)
      .toSorted(),
    Object.keys(readAnswers()).toSorted(),
  )
})
