import t from 'tap'
import { isEmptySelector, selects } from '#src/lib/match/selector.ts'

const expression = (operator: string, values?: string[]) => ({
  matchExpressions: [{ key: 'a', operator, ...(values && { values }) }],
})

t.test('selects by labels', async t => {
  for (const [selector, labels, selected] of [
    [{}, {}, true],
    [{ matchLabels: { a: 'b' } }, { a: 'b' }, true],
    [{ matchLabels: { a: 'b' } }, { a: 'c' }, false],
    [{ matchLabels: { toString: 'b' } }, {}, false],
    [expression('In', ['b']), { a: 'b' }, true],
    [expression('In', ['b']), {}, false],
    [expression('In'), { a: 'b' }, false],
    [expression('NotIn', ['b']), { a: 'b' }, false],
    [expression('NotIn', ['b']), {}, true],
    [expression('Exists'), { a: '' }, true],
    [expression('Exists'), {}, false],
    [expression('DoesNotExist'), { a: '' }, false],
    [expression('DoesNotExist'), {}, true],
  ] as const)
    t.equal(selects(selector, labels), selected, JSON.stringify([selector, labels]))
  t.throws(() => selects(expression('Is'), {}), /"Is" is not a valid label selector operator/)
})

t.test('an empty one selects everything', async t => {
  t.ok(isEmptySelector(undefined))
  t.ok(isEmptySelector({ matchLabels: {}, matchExpressions: [] }))
  t.notOk(isEmptySelector({ matchLabels: { a: 'b' } }))
  t.notOk(isEmptySelector(expression('Exists')))
})
