import t from 'tap'
import { deleteOptions, deleteOptionsObject } from '#src/apiserver/write/delete-options.ts'
import { requestOf } from '#test/support/apiserver/gadgets.ts'

const read = (query: string, body: unknown = '', type = '') =>
  deleteOptions(
    requestOf(
      'n',
      { says: '', method: 'DELETE', name: 'a', query, type },
      typeof body === 'string' ? body : JSON.stringify(body),
    ),
  )
const bad = (message: string | RegExp) => ({ code: 400, reason: 'BadRequest', message })
const invalid = (message: string | RegExp) => ({ code: 422, reason: 'Invalid', message })

t.test('from the query', async t => {
  t.strictSame(read(''), {})
  t.strictSame(
    read('dryRun=All&gracePeriodSeconds=-3&orphanDependents=false&uid=u&resourceVersion=1'),
    {
      dryRun: ['All'],
      gracePeriodSeconds: -3,
      orphanDependents: false,
      preconditions: { uid: 'u', resourceVersion: '1' },
    },
  )
  t.strictSame(read('propagationPolicy=Orphan&uid=u'), {
    propagationPolicy: 'Orphan',
    preconditions: { uid: 'u' },
  })
  t.strictSame(read('resourceVersion=1'), { preconditions: { resourceVersion: '1' } })
  t.throws(() => read('gracePeriodSeconds=x'), bad('strconv.ParseInt: parsing "x": invalid syntax'))
})

t.test('from the body, and then from there alone', async t => {
  t.strictSame(read('dryRun=All', {}), {})
  const options = {
    dryRun: ['All'],
    gracePeriodSeconds: 0,
    orphanDependents: true,
    preconditions: { uid: 'u', resourceVersion: '1' },
  }
  t.strictSame(read('', { kind: 'DeleteOptions', apiVersion: 'v1', ...options }), options)
  t.strictSame(read('', { apiVersion: 'check.example.com/v1', dryRun: [], preconditions: {} }), {
    preconditions: {},
  })
  t.strictSame(read('', 'propagationPolicy: Background', 'application/yaml'), {
    propagationPolicy: 'Background',
  })
})

t.test('what is none', async t => {
  const field = (name: string, type: string) =>
    bad(`json: cannot unmarshal number into Go struct field ${name} of type ${type}`)
  t.throws(
    () => read('', '{'),
    bad("couldn't get version/kind; json parse error: unexpected end of JSON input"),
  )
  t.throws(() => read('', 'a: [', 'application/yaml'), bad(/^yaml: line 1/))
  t.throws(() => read('', '[]'), bad(/cannot unmarshal array/))
  t.throws(
    () => read('', { kind: 'Pod' }),
    bad(/^no kind "Pod" is registered for version "meta\.k8s\.io\/v1" in scheme/),
  )
  t.throws(() => read('', { apiVersion: 'v2' }), bad(/registered for version "v2"/))
  t.throws(() => read('', {}, 'text/plain'), { code: 415 })
  t.throws(
    () => read('', { propagationPolicy: 1 }),
    field('DeleteOptions.propagationPolicy', 'v1.DeletionPropagation'),
  )
  t.throws(
    () => read('', { preconditions: { uid: 1 } }),
    field('Preconditions.preconditions.uid', 'types.UID'),
  )
})

t.test('what cannot be', async t => {
  t.throws(
    () => read('propagationPolicy=Orphan&orphanDependents=true'),
    invalid(
      /propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set$/,
    ),
  )
  t.throws(
    () => read('propagationPolicy=Never&dryRun=x'),
    invalid(
      /Unsupported value: "Never": supported values: "Foreground", "Background", "Orphan", "nil", dryRun: Unsupported value/,
    ),
  )
})

t.test('as admission is shown them', async t => {
  t.strictSame(deleteOptionsObject({ gracePeriodSeconds: 0 }), {
    kind: 'DeleteOptions',
    apiVersion: 'meta.k8s.io/v1',
    gracePeriodSeconds: 0,
  })
})
