import t from 'tap'
import { jsonPath, printed } from '#src/apiserver/encode/jsonpath.ts'

const object = {
  text: 'abc',
  nothing: null,
  list: ['a', 'b', 'c', 'd'],
  empty: [],
  map: { b: 2, a: 1 },
  items: [
    { name: 'x', count: 1, ratio: 1.5, on: true, tags: ['t'] },
    { name: 'y', count: 3, ratio: 2.5, on: false, same: 'y', tags: ['t', 'u'] },
    { name: 'z', gone: null },
  ],
  conditions: [
    { type: 'Synced', status: 'False' },
    { type: 'Ready', status: 'True' },
  ],
}

t.test('leads to every value, in order', async t => {
  const cases: Readonly<Record<string, readonly unknown[]>> = {
    '.text': ['abc'],
    '.nothing': [null],
    '.missing.deeper': [],
    '.text.deeper': [],
    '.constructor': [],
    '.list[*]': ['a', 'b', 'c', 'd'],
    '.list.*': ['a', 'b', 'c', 'd'],
    '.map.*': [1, 2],
    '.text.*': [],
    '.list[0]': ['a'],
    '.list[-1]': ['d'],
    '.list[-2]': ['c'],
    '.list[1:3]': ['b', 'c'],
    '.list[:-2]': ['a', 'b'],
    '.list[2:]': ['c', 'd'],
    '.list[1:1]': [],
    '.list[::2]': ['a', 'c'],
    '.list[0,2]': ['a', 'c'],
    '.empty[*]': [],
    '.nothing[0]': [],
    '.missing[0]': [],
    '.items[*].name': ['x', 'y', 'z'],
    '.items[?(@.count)].name': ['x', 'y'],
    '.items[?(@.name=="y")].count': [3],
    '.items[?(@.name!="y")].name': ['x', 'z'],
    '.items[?(@.count<3)].name': ['x'],
    '.items[?(@.count<=3)].name': ['x', 'y'],
    '.items[?(@.count>1)].name': ['y'],
    '.items[?(@.ratio>=2.5)].name': ['y'],
    '.items[?(@.on==true)].name': ['x'],
    '.items[?(@.name==@.same)].name': ['y'],
    '.items[?(@.tags[1])].name': ['x', 'y'],
    '.conditions[?(@.type=="Ready")].status': ['True'],
    '.missing[?(@.type=="Ready")].status': [],
  }
  for (const [path, want] of Object.entries(cases)) t.strictSame(jsonPath(path)(object), want, path)
})

t.test('fails where kubectl does', async t => {
  for (const path of [
    '.list[9]',
    '.list[-9]',
    '.list[1:9]',
    '.list[3:1]',
    '.list[0:-9]',
    '.list[0:4:-1]',
    '.empty[0]',
    '.empty[-1]',
    '.text[0]',
    '.text[?(@.a)]',
    '.nothing[?(@.a)]',
    '.items[?(@.count=="1")]',
    '.items[?(@.count==1.5)]',
    '.items[?(@.gone=="x")]',
    '.items[?(@.on<true)]',
    '.items[?(@.count=!1)]',
    '.items[?(@.tags[*]=="t")]',
    '.items[?(@.name==@.tags[*])]',
  ])
    t.equal(jsonPath(path)(object), undefined, path)
})

t.test('prints as Go does', async t => {
  const cases: readonly (readonly [unknown, string])[] = [
    [null, '<no value>'],
    ['<a>', '<a>'],
    [true, 'true'],
    [3, '3'],
    [2.5, '2.5'],
    [1e21, '1e+21'],
    [['<'], String.raw`["\u003c"]`],
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
  ]
  for (const [value, want] of cases) t.equal(printed(value), want)
})

t.test('lets through what is no failure of the path', async t => {
  const broken = Object.defineProperty({}, 'a', {
    enumerable: true,
    get() {
      throw new TypeError('broken')
    },
  })
  t.throws(() => jsonPath('.a')(broken), TypeError)
  t.throws(() => jsonPath('.items[?(@.a)]')({ items: [broken] }), TypeError)
})
