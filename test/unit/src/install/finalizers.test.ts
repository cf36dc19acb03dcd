import t from 'tap'
import { GROUP } from '#src/api/names.ts'
import { withoutOurs } from '#src/install/finalizers.ts'
import { identity } from '#src/controllers/identity/index.ts'
import { grants } from '#src/controllers/grants/index.ts'
import { policy } from '#src/controllers/policy/index.ts'
import { workspace } from '#src/controllers/workspace/index.ts'

const object = (finalizers?: string[]) => ({
  apiVersion: 'v1',
  kind: 'Example',
  metadata: { name: 'a', ...(finalizers && { finalizers }) },
})

t.test('takes ours off and leaves those of others', async t => {
  t.strictSame(withoutOurs(object(['a/b', 'kradle.a5c.ai/x', 'c'])), ['a/b', 'c'])
  t.strictSame(withoutOurs(object(['kradle.a5c.ai/x'])), [])
  t.equal(withoutOurs(object(['a/b'])), undefined)
  t.equal(withoutOurs(object()), undefined)
})

// An uninstall looks through the kinds of configuration; activity may be much, and kradle-apiserver gone.
t.test('controllers hold back what is configuration, by names that are known as ours', async t => {
  const held = [identity, grants, policy('wgpolicyk8s.io'), workspace]
    .flatMap(({ controllers }) => controllers)
    .filter(({ finalizer }) => finalizer !== undefined)
  t.ok(held.length > 0)
  for (const { kind, finalizer } of held) {
    t.equal(kind.group, GROUP)
    t.strictSame(withoutOurs(object([finalizer!])), [])
  }
})
