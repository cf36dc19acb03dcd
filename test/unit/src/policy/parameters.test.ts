import t from 'tap'
import { parametersOf, readPattern, type Parameter } from '#src/policy/parameters.ts'
import { template } from '#test/fixtures-policy.ts'

const of = (parameters: (Partial<Parameter> & Pick<Parameter, 'name' | 'type'>)[] | undefined) =>
  template({}, parameters && { parameters: parameters.map(each => ({ required: false, ...each })) })

t.test('what is not given is the default, and else nothing of its type', async t => {
  const own = of([
    { name: 'least', type: 'integer', default: 8 },
    { name: 'word', type: 'string' },
    { name: 'count', type: 'integer' },
    { name: 'share', type: 'number' },
    { name: 'strict', type: 'boolean' },
    { name: 'words', type: 'array' },
  ])
  t.strictSame(
    [...parametersOf(own, { word: null }).values],
    [
      ['least', 8],
      ['word', ''],
      ['count', 0],
      ['share', 0],
      ['strict', false],
      ['words', []],
    ],
  )
  t.strictSame(parametersOf(of(undefined)), { values: new Map(), problems: [] })
})

t.test('what is given is taken', async t => {
  const own = of([
    { name: 'least', type: 'integer', minimum: 1, maximum: 9, required: true },
    { name: 'share', type: 'number' },
    { name: 'mood', type: 'string', enum: ['good', 'bad'] },
    { name: 'prefix', type: 'string', pattern: '^[a-z]+$' },
    { name: 'broken', type: 'string', pattern: '(?=x)' },
    { name: 'words', type: 'array' },
    { name: 'strict', type: 'boolean', required: true, default: true },
  ])
  const given = { least: 9, share: 0.5, mood: 'good', prefix: 'abc', broken: 'x', words: ['"'] }
  const { values, problems } = parametersOf(own, given)
  t.strictSame(problems, [])
  t.strictSame(Object.fromEntries(values), { ...given, strict: true })
})

t.test('says what is wrong, and how to mend it', async t => {
  const cases: [Partial<Parameter> & Pick<Parameter, 'type'>, unknown, string, string][] = [
    [
      { type: 'integer', minimum: 1, maximum: 9 },
      '3',
      'is not an integer',
      'write an integer of at least 1 and at most 9',
    ],
    [
      { type: 'integer' },
      2 ** 53,
      'is an integer that is not kept exactly, beyond 9007199254740991',
      'write an integer',
    ],
    [{ type: 'integer', minimum: 1 }, 0, 'is less than 1', 'write an integer of at least 1'],
    [{ type: 'number', maximum: 1 }, 1.5, 'is greater than 1', 'write a number of at most 1'],
    [{ type: 'number' }, Infinity, 'is not a number', 'write a number'],
    [
      { type: 'string', enum: ['a', 'b', 'c'] },
      'd',
      'is not one of the values of the parameter',
      'write "a", "b" or "c"',
    ],
    [
      { type: 'string', pattern: '^a' },
      'ba',
      'does not match ^a',
      'write a string that matches ^a',
    ],
    [{ type: 'string' }, ['a'], 'is not a string', 'write a string'],
    [{ type: 'boolean' }, 'true', 'is not true or false', 'write true or false'],
    [{ type: 'array' }, ['a', 1], 'is not a list of strings', 'write a list of strings'],
  ]
  for (const [parameter, value, problem, fix] of cases)
    t.strictSame(parametersOf(of([{ name: 'it', ...parameter }]), { it: value }).problems, [
      { rule: 'R205', field: 'spec.parameters.it', value, problem, fix },
    ])
})

t.test('misses what is required, and does not know what is not declared', async t => {
  t.match(
    parametersOf(of([{ name: 'word', type: 'string', required: true }]), { wrod: 'x' }).problems,
    [
      { field: 'spec.parameters.word', problem: 'is missing; PolicyTemplate "titles" requires it' },
      { field: 'spec.parameters.wrod', value: 'x', fix: 'use word, or leave it out' },
    ],
  )
  t.match(parametersOf(of(undefined), { constructor: 1 }).problems, [
    { field: 'spec.parameters.constructor', fix: 'leave it out: the template has none' },
  ])
  t.strictSame(
    [...parametersOf(of([{ name: 'constructor', type: 'string' }])).values],
    [['constructor', '']],
  )
  t.equal(readPattern('(?=x)'), undefined)
})
