import t from 'tap'
import { conflictError } from '#src/apiserver/managed-fields/conflict.ts'
import { fieldElement } from '#src/apiserver/managed-fields/path-element.ts'

const b = { manager: 'b', operation: 'Update', apiVersion: 'g/v1', subresource: 'status' } as const
const a = { manager: 'a', operation: 'Apply', apiVersion: '', subresource: '' } as const
const spec = [fieldElement('spec')]
const text = [...spec, fieldElement('text')]

t.test('one conflict stands in one line', async t => {
  const error = conflictError([{ owner: b, path: text }])
  t.match(error.body, {
    code: 409,
    reason: 'Conflict',
    message:
      'Apply failed with 1 conflict: conflict with "b" with subresource "status" using g/v1: .spec.text',
    details: {
      causes: [
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "b" with subresource "status" using g/v1',
          field: '.spec.text',
        },
      ],
    },
  })
})

t.test('more are listed by manager', async t => {
  const error = conflictError([
    { owner: b, path: spec },
    { owner: a, path: spec },
    { owner: b, path: text },
  ])
  t.equal(
    error.message,
    'Apply failed with 3 conflicts: conflicts with "a":\n- .spec\nconflicts with "b" with subresource "status" using g/v1:\n- .spec\n- .spec.text',
  )
})
