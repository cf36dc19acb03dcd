import t from 'tap'
import { celName } from '#src/lib/schema/cel-names.ts'

t.test('names fields as rules have to', async t => {
  t.equal(celName('name'), 'name')
  t.equal(celName('namespace'), '__namespace__')
  t.equal(celName('a.b-c/d__e'), 'a__dot__b__dash__c__slash__d__underscores__e')
  for (const field of ['', '1st', 'ä', 'a b', 'a$']) t.equal(celName(field), undefined, field)
})
