import t from 'tap'
import { managerName } from '#src/apiserver/managed-fields/manager-name.ts'

t.test('is what the client says, or what the user agent begins with', async t => {
  t.equal(managerName('mine', 'kubectl/v1.36 (linux)'), 'mine')
  t.equal(managerName('', 'kubectl/v1.36 (linux)'), 'kubectl')
  t.equal(managerName('', ''), '')
})

t.test('keeps what can be printed, as far as there is room', async t => {
  t.equal(managerName('', 'a\n\u00A0b\u200B c'), 'ab c')
  t.equal(managerName('', 'é'.repeat(100)), 'é'.repeat(64))
})
