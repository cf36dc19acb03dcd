import t from 'tap'
import { annotationsFor, certificateNamed, injecting } from '#src/controllers/admission/injected.ts'

const KEY = 'cert-manager.io/inject-ca-from'
const object = (annotations?: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Example',
  metadata: { name: 'kradle', ...(annotations && { annotations }) },
})
const wanted = injecting(object(), 'kradle-system/webhook')

t.test('reads the Certificate, and refuses what would come to nothing', async t => {
  const code = 'InvalidFlag'
  for (const flag of ['--inject-ca-from', '--apiserver-inject-ca-from']) {
    t.equal(certificateNamed(flag, undefined, 'own'), undefined)
    t.equal(certificateNamed(flag, undefined, 'external'), undefined)
    t.equal(certificateNamed(flag, 'kradle-system/webhook', 'external'), 'kradle-system/webhook')
    t.throws(() => certificateNamed(flag, 'a/b', 'own'), {
      code,
      message: `${flag}: only with --certificates external`,
    })
    t.throws(() => certificateNamed(flag, undefined, 'none'), {
      code,
      message: '--certificates none: must be own or external',
    })
    for (const value of ['webhook', 'a/b/c', '/b', 'A/b', ''])
      t.throws(() => certificateNamed(flag, value, 'external'), {
        code,
        message: `${flag} ${value}: must be <namespace>/<name of a Certificate>`,
      })
  }
})

t.test('asks for the authority, beside what others noted', async t => {
  t.strictSame(wanted.metadata.annotations, { [KEY]: 'kradle-system/webhook' })
  t.strictSame(annotationsFor(wanted, object({ note: 'x', [KEY]: 'other/one' }), false), {
    note: 'x',
    [KEY]: 'kradle-system/webhook',
  })
  t.strictSame(annotationsFor(wanted, object(), false), wanted.metadata.annotations)
  t.equal(
    annotationsFor(wanted, injecting(object({ note: 'x' }), 'kradle-system/webhook'), false),
    undefined,
  )
})

t.test('nobody else is asked for bundles that are made here', async t => {
  const live = object({
    note: 'x',
    [KEY]: 'other/one',
    'cert-manager.io/inject-apiserver-ca': 'true',
  })
  t.strictSame(annotationsFor(object(), live, true), { note: 'x' })
  t.equal(annotationsFor(object(), live, false), undefined, 'it may have been written by hand')
  t.equal(annotationsFor(object(), object(), true), undefined)
})
