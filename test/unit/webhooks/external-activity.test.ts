import t from 'tap'
import { labelsOf } from '#webhooks/external-activity.ts'

t.test('labels follow from what a spec says', async t => {
  const all = {
    'kradle.a5c.ai/provider': 'github',
    'kradle.a5c.ai/interface': 'issueTracking',
    'kradle.a5c.ai/repository': 'app',
    'kradle.a5c.ai/external-owner': 'acme',
  }
  const providerRef = 'github'
  t.strictSame(
    labelsOf({
      providerRef,
      interface: 'issueTracking',
      nativeTarget: { owner: 'acme', repository: 'app' },
    }),
    all,
  )
  t.strictSame(
    labelsOf({
      providerRef,
      interfaceHints: ['issueTracking'],
      source: { owner: 'acme', repository: 'app' },
    }),
    all,
  )
  t.strictSame(labelsOf({ providerRef, external: { interface: 'cicd' } }), {
    'kradle.a5c.ai/provider': 'github',
    'kradle.a5c.ai/interface': 'cicd',
  })
})

t.test('what is several, or no label, is left out', async t => {
  t.strictSame(
    labelsOf({
      interfaceHints: ['cicd', 'gitForge'],
      source: { owner: 'a/b', repository: 'x'.repeat(64) },
    }),
    {},
  )
  t.strictSame(labelsOf({}), {})
})
