import { join } from 'node:path'
import t from 'tap'
import { checksumFor, sha256Of } from '#hack/local/checksum.ts'

const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const other = '0'.repeat(64)

for (const [what, list, want] of [
  ['a bare digest', `${digest}\n`, digest],
  ['a digest with its file', `${digest}  kubectl\n`, digest],
  ['a list', `${other}  kubectl.zip\n${digest}  kubectl\n`, digest],
  ['a list with binary markers', `${other} *x\n${digest} *kubectl\n`, digest],
  ['capital letters', digest.toUpperCase(), digest],
  ['a list without the file', `${other}  kubelet\n`, undefined],
  ['a page of HTML', '<html>\nnot found\n</html>', undefined],
  ['nothing', '', undefined],
] as const) {
  t.equal(checksumFor('kubectl', list), want, what)
}

t.test('of a file', async t => {
  const folder = t.testdir({ abc: 'abc' })
  t.equal(await sha256Of(join(folder, 'abc')), digest)
})
