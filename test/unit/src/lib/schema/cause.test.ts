import t from 'tap'
import {
  duplicate,
  forbidden,
  invalid,
  isBlocking,
  notSupported,
  OMITTED,
  required,
  Shown,
  tooLong,
  tooMany,
  typeInvalid,
} from '#src/lib/schema/cause.ts'

t.test('words causes as the API server', async t => {
  const causes = [
    [invalid('a', 1, 'too small'), 'FieldValueInvalid', 'Invalid value: 1: too small'],
    [invalid('a', OMITTED, 'no'), 'FieldValueInvalid', 'Invalid value: no'],
    [invalid('a', new Shown('[x]'), 'no'), 'FieldValueInvalid', 'Invalid value: [x]: no'],
    [typeInvalid('a', 'x', 'no'), 'FieldValueTypeInvalid', 'Invalid value: "x": no'],
    [required('a'), 'FieldValueRequired', 'Required value'],
    [required('a', 'here'), 'FieldValueRequired', 'Required value: here'],
    [forbidden('a', 'never'), 'FieldValueForbidden', 'Forbidden: never'],
    [duplicate('a', 'x'), 'FieldValueDuplicate', 'Duplicate value: "x"'],
    [
      notSupported('a', 'x', ['b', 'c"']),
      'FieldValueNotSupported',
      String.raw`Unsupported value: "x": supported values: "b", "c\""`,
    ],
    [tooLong('a', 1), 'FieldValueTooLong', 'Too long: may not be more than 1 byte'],
    [tooLong('a', 2), 'FieldValueTooLong', 'Too long: may not be more than 2 bytes'],
    [tooMany('a', 3, 2), 'FieldValueTooMany', 'Too many: 3: must have at most 2 items'],
  ] as const
  for (const [cause, reason, message] of causes)
    t.strictSame(cause, { field: 'a', reason, message })
})

t.test(
  'what is not of the right type, missing or too much keeps rules from being asked',
  async t => {
    t.ok(isBlocking(required('a')))
    t.ok(isBlocking(tooMany('a', 2, 1)))
    t.notOk(isBlocking(invalid('a', 1, '')))
    t.notOk(isBlocking(duplicate('a', 1)))
  },
)
