import t from 'tap'
import { descriptorOf, interfaces, shippedTypes } from '#src/providers/registry.ts'

t.test('fourteen types are shipped, and each does something', async t => {
  t.equal(shippedTypes.length, 14)
  for (const type of shippedTypes) {
    const has = descriptorOf(type)!.interfaces
    t.not(Object.keys(has).length, 0, type)
    for (const name of Object.keys(has)) t.ok(interfaces.includes(name as never), `${type} ${name}`)
  }
})

t.test('what is nowhere described is not known, whatever it is called', async t => {
  for (const type of ['custom', 'constructor', '__proto__', '', 'GitHub'])
    t.equal(descriptorOf(type), undefined, type)
})

t.test('an interface that cannot be had is missing', async t => {
  t.strictSame(Object.keys(descriptorOf('jira')!.interfaces), ['issueTracking'])
  t.strictSame(Object.keys(descriptorOf('circleci')!.interfaces), ['cicd'])
  t.strictSame(Object.keys(descriptorOf('github')!.interfaces), [...interfaces])
})
