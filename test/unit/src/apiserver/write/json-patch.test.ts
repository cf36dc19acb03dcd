import t from 'tap'
import { applyPatch, Inapplicable, put } from '#src/apiserver/write/json-patch.ts'

function refusal(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}

// The examples of RFC 6902, appendix A, by their numbers; undefined is an error.
const rfc: [name: string, document: unknown, patch: object[], want: unknown][] = [
  ['A.1', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
  [
    'A.2',
    { foo: ['bar', 'baz'] },
    [{ op: 'add', path: '/foo/1', value: 'qux' }],
    { foo: ['bar', 'qux', 'baz'] },
  ],
  ['A.3', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
  ['A.4', { foo: ['a', 'b', 'c'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['a', 'c'] }],
  [
    'A.5',
    { baz: 'qux', foo: 'bar' },
    [{ op: 'replace', path: '/baz', value: 'boo' }],
    { baz: 'boo', foo: 'bar' },
  ],
  [
    'A.6',
    { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  ],
  [
    'A.7',
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  [
    'A.8',
    { baz: 'qux', foo: ['a', 2, 'c'] },
    [
      { op: 'test', path: '/baz', value: 'qux' },
      { op: 'test', path: '/foo/1', value: 2 },
    ],
    { baz: 'qux', foo: ['a', 2, 'c'] },
  ],
  ['A.9', { baz: 'qux' }, [{ op: 'test', path: '/baz', value: 'bar' }], undefined],
  [
    'A.10',
    { foo: 'bar' },
    [{ op: 'add', path: '/child', value: { grandchild: {} } }],
    { foo: 'bar', child: { grandchild: {} } },
  ],
  [
    'A.11',
    { foo: 'bar' },
    [{ op: 'add', path: '/baz', value: 'qux', xyz: 123 }],
    { foo: 'bar', baz: 'qux' },
  ],
  ['A.12', { foo: 'bar' }, [{ op: 'add', path: '/baz/bat', value: 'qux' }], undefined],
  ['A.14', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
  ['A.15', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: '10' }], undefined],
  [
    'A.16',
    { foo: ['bar'] },
    [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
    { foo: ['bar', ['abc', 'def']] },
  ],
]

// Where the library of kube-apiserver goes its own way.
const lenient: typeof rfc = [
  ['replaces what is not there', {}, [{ op: 'replace', path: '/a', value: 1 }], { a: 1 }],
  ['a slash', { 'a/b': 1 }, [{ op: 'remove', path: '/a~1b' }], {}],
  ['counts from the end', [1, 2], [{ op: 'remove', path: '/-1' }], [1]],
  ['adds at the end by -1', [1, 2], [{ op: 'add', path: '/-1', value: 3 }], [1, 2, 3]],
  ['replaces an item', [1, 2], [{ op: 'replace', path: '/1', value: 3 }], [1, 3]],
  ['nothing is null', {}, [{ op: 'test', path: '/a', value: null }], {}],
  ['copies nothing as null', {}, [{ op: 'copy', from: '/a', path: '/b' }], { b: null }],
  ['no value is null', {}, [{ op: 'add', path: '/a' }], { a: null }],
  ['tests all', { a: 1 }, [{ op: 'test', path: '', value: { a: 1 } }], { a: 1 }],
  ['replaces all', { a: 1 }, [{ op: 'replace', path: '', value: [] }], []],
  ['replaces all by text', {}, [{ op: 'replace', path: '', value: 'x' }], undefined],
  ['replaces all by nothing', {}, [{ op: 'replace', path: '' }], undefined],
  ['removes all', {}, [{ op: 'remove', path: '' }], undefined],
  ['removes nothing', {}, [{ op: 'remove', path: '/a' }], undefined],
  ['beyond the end', [], [{ op: 'add', path: '/1', value: 1 }], undefined],
  ['before the beginning', [1], [{ op: 'remove', path: '/-2' }], undefined],
  ['no index', [1], [{ op: 'remove', path: '/x' }], undefined],
  ['into text', { a: 'x' }, [{ op: 'add', path: '/a/b', value: 1 }], undefined],
  ['unknown', {}, [{ op: 'constructor', path: '/a' }], undefined],
  ['no path', {}, [{ op: 'add', value: 1 }], undefined],
  ['no from', {}, [{ op: 'move', path: '/a' }], undefined],
]

for (const [name, document, patch, want] of [...rfc, ...lenient])
  t.test(name, async t => {
    const before = structuredClone(document)
    const apply = () => applyPatch(document, patch as Record<string, unknown>[])
    if (want === undefined) t.ok(refusal(apply) instanceof Inapplicable)
    else t.strictSame(apply(), want)
    t.strictSame(document, before, 'what is given stays as it is')
  })

t.test('says what the library of kube-apiserver says', async t => {
  for (const [patch, message] of [
    [{ op: 'test', path: '/a', value: 1 }, 'testing value /a failed: test failed'],
    [{ op: 'fly', path: '/a' }, 'Unexpected kind: fly'],
    [{ path: '/a' }, 'Unexpected kind: unknown'],
  ] as const)
    t.throws(() => applyPatch({}, [patch]), { message })
})

t.test('every name is one of a field', async t => {
  const patched = applyPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }])
  t.equal(JSON.stringify(patched), '{"__proto__":{"polluted":true}}')
  t.equal(Object.getPrototypeOf(patched), Object.prototype)
  const fields = {}
  put(fields, '__proto__', 1)
  t.equal(JSON.stringify(fields), '{"__proto__":1}')
  const inherited = () => applyPatch({}, [{ op: 'remove', path: '/toString' }])
  t.ok(refusal(inherited) instanceof Inapplicable)
})

t.test('what is put in twice is not one', async t => {
  const value = { a: 1 }
  const patched = applyPatch({}, [
    { op: 'add', path: '/x', value },
    { op: 'copy', from: '/x', path: '/y' },
    { op: 'add', path: '/x/b', value: 2 },
  ])
  t.strictSame(patched, { x: { a: 1, b: 2 }, y: { a: 1 } })
  t.strictSame(value, { a: 1 })
})

t.test('a small patch makes nothing huge, and takes no time without end', async t => {
  const doubling = Array.from({ length: 40 }, (_, i) => ({
    op: 'copy',
    from: '/a',
    path: `/a/${i}`,
  }))
  t.ok(refusal(() => applyPatch({ a: { x: 'y' } }, doubling)) instanceof Inapplicable)
  const list = Array.from({ length: 100_000 }, () => 0)
  const pushing = Array.from({ length: 1_000 }, () => ({ op: 'add', path: '/0', value: 0 }))
  t.ok(refusal(() => applyPatch(list, pushing)) instanceof Inapplicable)
  t.ok(
    refusal(() => applyPatch(list, [{ op: 'remove', path: '/0' }, ...pushing])) instanceof
      Inapplicable,
  )
  t.equal((applyPatch(list, pushing.slice(0, 10)) as unknown[]).length, 100_010)
})
