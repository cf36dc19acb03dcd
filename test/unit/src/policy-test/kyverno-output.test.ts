import t from 'tap'
import { readKyverno } from '#src/policy-test/kyverno-output.ts'

const row = (name: string, REASON: string, Message?: string) => ({
  ID: 1,
  POLICY: 'kradle-org-acme/p',
  RESOURCE: `v1/Pod/kradle-org-acme/${name}`,
  RESULT: 'Pass',
  REASON,
  ...(Message !== undefined && { Message }),
})
const printed = (...rows: readonly object[]) =>
  `Loading test  ( x ) ...\n  Checking results ...\n\n${JSON.stringify(rows, undefined, 2)}\n\n\nTest Summary: 1\n`

t.test('reads the list among the progress', async t => {
  const expected = new Map([
    ['as-expected', 'fail'],
    ['other', 'fail'],
    ['excluded', 'pass'],
  ])
  const said = readKyverno(
    printed(
      row('as-expected', 'Ok', 'spec: is wrong'),
      row('other', 'Want fail, got pass', 'success'),
      row('broken', 'Want pass, got error', 'no such key'),
      row('excluded', 'Excluded', 'Excluded'),
      row('lost', 'Not found'),
    ),
    expected,
  )
  t.strictSame(
    said,
    new Map([
      ['as-expected', { result: 'fail', message: 'spec: is wrong' }],
      ['other', { result: 'pass', message: 'success' }],
      ['broken', { result: 'error', message: 'no such key' }],
      ['excluded', { result: 'skip', message: '' }],
      ['lost', { result: 'error', message: 'Not found: ' }],
    ]),
  )
})

t.test('knows an empty list from none', async t => {
  t.strictSame(readKyverno('x\n[]\ny\n', new Map()), new Map())
  t.equal(readKyverno('Error: no policy\n', new Map()), undefined)
})
