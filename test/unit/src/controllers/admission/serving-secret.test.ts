import t from 'tap'
import { readServingSecret, writeServingSecret } from '#src/controllers/admission/serving-secret.ts'

const serving = { certificate: 'cert', key: 'key', bundle: 'ca' }
const rotating = { ...serving, next: { certificate: 'next cert', key: 'next key' } }

t.test('reads back what it writes', async t => {
  for (const secret of [serving, rotating])
    t.strictSame(readServingSecret(writeServingSecret('kradle-webhook-tls', secret)), secret)
})

t.test('keeps the next pair where the serving one was lost', async t => {
  const lost = { certificate: '', key: '', bundle: 'ca', next: rotating.next }
  t.strictSame(readServingSecret(writeServingSecret('kradle-webhook-tls', lost)), lost)
})

t.test('reads nothing from a Secret without a certificate', async t => {
  t.equal(readServingSecret(undefined), undefined)
  t.equal(
    readServingSecret({ ...writeServingSecret('kradle-webhook-tls', serving), data: {} }),
    undefined,
  )
})
