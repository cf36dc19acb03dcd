import { parse } from '@bufbuild/cel'
import t from 'tap'
import { checkNames } from '#src/lib/schema/dynamic/check.ts'
import { node } from '#src/lib/schema/dynamic/ast.ts'

const check = (source: string): void => checkNames(parse(source).expr, ['object', 'authorizer'])

t.test('lets through what is there', async t => {
  for (const source of [
    "object.a.b[0] == 'x' && type(object) == map ? 1 : -2",
    "[1].map(x, x + 1).all(y, y in [object]) || {'a': object} == {}",
    'has(object.a)',
    "authorizer.path('/x').check('get').allowed()",
    'optional.of(1).hasValue()',
    'sets.contains([1], [1])',
  ])
    t.doesNotThrow(() => check(source), source)
})

t.test('names what is not', async t => {
  for (const [source, words] of [
    ['nothing', "undeclared reference to 'nothing'"],
    ['[1].map(x, y)', "undeclared reference to 'y'"],
    ['[1].all(x, true) && x', "undeclared reference to 'x'"],
    ['ip("1.2.3.4")', "there is no function or macro 'ip' here"],
    ['object.sortBy(x, x)', "undeclared reference to 'x'"],
    ['url.parse("x")', "there is no function or macro 'url.parse' here"],
    ['object.size(1)', "'size' does not exist as a method of 1"],
    ['allowed()', "'allowed' does not exist as a function of 0"],
    ['google.protobuf.Duration{}', 'there is no message type google.protobuf.Duration'],
  ] as const)
    t.throws(() => check(source), { message: words }, source)
  t.throws(() => checkNames(node({ case: undefined }), []), /has to have a value/)
})
