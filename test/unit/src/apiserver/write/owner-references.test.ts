import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import { withDistinctOwners } from '#src/apiserver/write/owner-references.ts'

const owner = (uid: string, name = 'p') => ({ apiVersion: 'v1', kind: 'Pod', name, uid })
const owned = (...ownerReferences: ReturnType<typeof owner>[]): UnknownObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', ownerReferences },
})

t.test('takes away what is named twice, and warns', async t => {
  const warnings: string[] = []
  const warn = (text: string): void => void warnings.push(text)
  const same = owned(owner('u'), owner('u', 'q'), owner('v'))
  t.equal(withDistinctOwners(same, warn, false), same)
  t.strictSame(warnings, [])
  const twice = owned(owner('u'), owner('v'), owner('u'), owner('v'))
  t.strictSame(withDistinctOwners(twice, warn, false), owned(owner('u'), owner('v')))
  withDistinctOwners(twice, warn, true)
  t.match(warnings, [
    /^\.metadata\.ownerReferences contains duplicate entries; .* observed: u, v$/,
    /^\.metadata\.ownerReferences contains duplicate entries after mutating admission happens; .* u, v$/,
  ])
  t.equal(warnings.length, 2)
})

t.test('needs no metadata', async t => {
  const bare = { apiVersion: 'v1', kind: 'Pod' } as UnknownObject
  t.equal(
    withDistinctOwners(bare, () => t.fail(), false),
    bare,
  )
})
