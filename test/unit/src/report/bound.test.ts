import t from 'tap'
import { pairsOf } from '#src/report/bound.ts'
import { titleBinding, titleTemplate } from '#test/fixtures-report.ts'

const KEY = 'kradle-org-acme/kradle-acme-titles'
const own = { ...titleTemplate(), metadata: { name: 'titles', namespace: 'kradle-org-acme' } }

t.test('finds bindings by what their policies are called, and their templates', async t => {
  t.strictSame([...pairsOf([titleBinding()], []).keys()], [KEY])
  t.equal(pairsOf([titleBinding()], []).get(KEY)!.template, undefined)
  t.match(pairsOf([titleBinding()], [titleTemplate()]).get(KEY)!.template, {
    metadata: { namespace: 'kradle-system' },
  })
  t.match(pairsOf([titleBinding()], [titleTemplate(), own]).get(KEY)!.template, {
    metadata: { namespace: 'kradle-org-acme' },
  })
  const { namespace: _, ...metadata } = titleBinding().metadata
  t.strictSame([...pairsOf([{ ...titleBinding(), metadata }], []).keys()], ['/kradle-acme-titles'])
})
