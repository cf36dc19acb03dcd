import t from 'tap'
import { editsIn, isForeign } from '#src/install/edited.ts'
import { ApiError } from '#src/lib/api-error.ts'

const live = (managedFields?: object[]) => ({
  apiVersion: 'v1',
  kind: 'Example',
  metadata: { name: 'a', ...(managedFields && { managedFields }) },
})

t.test('what we never applied is somebody else’s', async t => {
  t.equal(isForeign(live(), 'us'), true)
  t.equal(isForeign(live([{ manager: 'us', operation: 'Update' }]), 'us'), true)
  t.equal(isForeign(live([{ manager: 'us', operation: 'Apply' }]), 'us'), false)
})

t.test('knows edits by the conflicts that they make', async t => {
  const error = (details?: object) => new ApiError({ code: 409, ...(details && { details }) })
  const reason = 'FieldManagerConflict'
  t.strictSame(
    editsIn(
      error({
        causes: [
          { reason, field: '.spec.severity', message: 'conflict with "kubectl-edit"' },
          { reason },
          { reason: 'Other' },
        ],
      }),
    ),
    ['.spec.severity: conflict with "kubectl-edit"', ': '],
  )
  t.equal(editsIn(error()), undefined)
  t.equal(editsIn(new Error('lost')), undefined)
})
