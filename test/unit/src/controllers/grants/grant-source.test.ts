import t from 'tap'
import { sourceConditions } from '#src/controllers/grants/grant-source.ts'
import { keysIn } from '#test/fixtures-agents.ts'

const look = (keys: string[], there?: string[]) =>
  sourceConditions(
    'Secret',
    { name: 'model', keys },
    there && keysIn('Secret', 'model', there),
  ).map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`)

t.test('tells whether it is there, with every key', async t => {
  t.strictSame(look(['a', 'b'], ['a', 'b', 'c']), [
    'SecretExists=True SecretFound: Secret "model" exists',
    'KeysExist=True KeysFound: Secret "model" has every key that is granted',
  ])
  t.strictSame(look(['a', 'b', 'c'], ['b']), [
    'SecretExists=True SecretFound: Secret "model" exists',
    'KeysExist=False KeyMissing: Secret "model" has no key "a", "c"',
  ])
  t.strictSame(look(['a']), [
    'SecretExists=False SecretMissing: Secret "model" does not exist',
    'KeysExist=False SecretMissing: Secret "model" does not exist',
  ])
  t.match(look([], ['a'])[1], /KeysExist=False NoKeys: .*R53/)
  t.match(sourceConditions('ConfigMap', { name: 'x', keys: [] }, undefined), [
    { type: 'ConfigMapExists', reason: 'ConfigMapMissing' },
    { type: 'KeysExist', reason: 'ConfigMapMissing' },
  ])
})
