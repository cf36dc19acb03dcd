import t from 'tap'
import { isPartial } from '#src/apiserver/http/forms.ts'

t.test('metadata alone, of one or of many', async t => {
  const of = (form: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList') =>
    isPartial({ form, includeObject: 'Metadata' })
  t.ok(of('PartialObjectMetadata'))
  t.ok(of('PartialObjectMetadataList'))
  t.notOk(of('object'))
  t.notOk(of('Table'))
})
