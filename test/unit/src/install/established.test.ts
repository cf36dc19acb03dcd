import t from 'tap'
import { unestablished, type Definition } from '#src/install/established.ts'

const definition = (conditions?: object[], metadata = {}): Definition =>
  ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'teams.kradle.a5c.ai', ...metadata },
    ...(conditions && { status: { conditions } }),
  }) as Definition
const established = { type: 'Established', status: 'True' }

t.test('says why objects cannot be written yet', async t => {
  t.equal(unestablished(definition([established])), undefined)
  t.equal(unestablished(undefined), 'it is not there')
  t.match(unestablished(definition()), /^it is not established: the API server has not looked/)
  t.equal(
    unestablished(definition([{ ...established, status: 'False', message: 'wait' }])),
    'it is not established: wait',
  )
  t.equal(
    unestablished(
      definition([
        established,
        { type: 'NamesAccepted', status: 'False', message: '"tm" is taken' },
      ]),
    ),
    'its names are not accepted: "tm" is taken',
  )
  const deletionTimestamp = '2026-11-21T12:00:00Z'
  t.equal(unestablished(definition([established], { deletionTimestamp })), 'it is being deleted')
})
