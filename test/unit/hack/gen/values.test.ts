import { readFileSync } from 'node:fs'
import t from 'tap'
import { valuesOf, valuesPage } from '#hack/gen/values.ts'

const text = `# One image for all.
image:
  # -- Where it is: a | b.
  repository: kradle
  # Who says
  # so.
  signed:
    # -- By whom.
    by: ''
  fetched:
    # -- When.
    at: start
# -- What is logged.
level: info
nothing:

# Of everybody.
defaults:
  # -- Requests
  # and limits.
  resources:
    requests: { cpu: 10m }
    limits: {}
  'with.dots/x': 1
# -- All in one.
labels:
  deep:
    er: x
`

t.test('reads values with what is said above them', async t => {
  t.strictSame(valuesOf(text), [
    {
      name: 'image',
      about: 'One image for all.',
      values: [
        { path: 'image.repository', default: 'kradle', meaning: 'Where it is: a | b.' },
        { path: 'image.signed', meaning: 'Who says so.' },
        { path: 'image.signed.by', default: '', meaning: 'By whom.' },
        { path: 'image.fetched.at', default: 'start', meaning: 'When.' },
      ],
    },
    {
      name: 'level',
      about: '',
      values: [{ path: 'level', default: 'info', meaning: 'What is logged.' }],
    },
    { name: 'nothing', about: '', values: [{ path: 'nothing', default: null, meaning: '' }] },
    {
      name: 'defaults',
      about: 'Of everybody.',
      values: [
        {
          path: 'defaults.resources',
          default: { requests: { cpu: '10m' }, limits: {} },
          meaning: 'Requests and limits.',
        },
        { path: 'defaults.with.dots/x', default: 1, meaning: '' },
      ],
    },
    {
      name: 'labels',
      about: '',
      values: [{ path: 'labels', default: { deep: { er: 'x' } }, meaning: 'All in one.' }],
    },
  ])
})

t.test('makes a page of them, those that stand alone first', async t => {
  const page = valuesPage(valuesOf(text))
  t.match(page, '| `level` | `info` | What is logged. |\n| `nothing` | `null` |  |\n')
  t.match(page, '## image\n\nOne image for all.\n\n| Value | Default | Meaning |\n')
  t.match(page, '| `image.repository` | `kradle` | Where it is: a \\| b. |\n')
  t.match(page, '| `image.signed` |  | Who says so. |\n')
  t.match(page, "| `image.signed.by` | `''` | By whom. |\n")
  t.match(page, '| `defaults.resources` | `{ requests: { cpu: 10m }, limits: {} }` |')
  t.ok(page.indexOf('`labels`') < page.indexOf('## image'))
})

t.test('refuses what is no map', async t => {
  t.throws(() => valuesOf('a: [\n'), { name: 'YAMLParseError' })
  t.throws(() => valuesOf('- a\n'), { message: 'values are a map' })
})

t.test('every value of the chart is explained', async t => {
  const groups = valuesOf(readFileSync('charts/kradle/values.yaml', 'utf8'))
  t.ok(groups.length > 5)
  for (const { path, meaning } of groups.flatMap(({ values }) => values)) t.not(meaning, '', path)
})
