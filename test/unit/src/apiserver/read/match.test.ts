import t from 'tap'
import { matches } from '#src/apiserver/read/match.ts'
import { parseFieldSelector } from '#src/apiserver/read/field-selector.ts'
import { parseLabelSelector } from '#src/apiserver/read/label-selector.ts'

const object = {
  namespace: 'a',
  name: 'n',
  labels: { x: '1', empty: '' },
  fields: { '.spec.colour': 'red' },
}

t.test('compares labels', async t => {
  const cases: Record<string, boolean> = {
    '': true,
    x: true,
    '!x': false,
    '!y': true,
    y: false,
    'x=1': true,
    'x=2': false,
    'y=1': false,
    'x!=1': false,
    'x!=2': true,
    'y!=1': true,
    'x in (1,2)': true,
    'x notin (1,2)': false,
    'empty=': true,
    'y=': false,
    constructor: false,
    'x,empty': true,
    'x,y': false,
  }
  for (const [text, want] of Object.entries(cases))
    t.equal(matches({ labels: parseLabelSelector(text), fields: [] }, object), want, text)
})

t.test('compares fields', async t => {
  const cases: Record<string, boolean> = {
    'metadata.name=n': true,
    'metadata.name!=n': false,
    'metadata.namespace=a': true,
    'spec.colour=red': true,
    'spec.colour!=blue': true,
    'spec.size=': true,
    'spec.size!=': false,
  }
  for (const [text, want] of Object.entries(cases))
    t.equal(matches({ labels: [], fields: parseFieldSelector(text) }, object), want, text)
})
