import { globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { valuesOf } from '#hack/gen/values.ts'

const page = readFileSync('docs/install.md', 'utf8')
const known = valuesOf(readFileSync('charts/kradle/values.yaml', 'utf8'))
  .flatMap(({ values }) => values)
  .map(({ path }) => path)
const isKnown = (path: string): boolean =>
  known.some(each => each === path || each.startsWith(`${path}.`) || path.startsWith(`${each}.`))

/** YAML of the page, its indentation in lists taken away. */
const examples = [...page.matchAll(/^( *)```yaml\n([^]*?)^ *```/gm)].map(
  ([, indent = '', text = '']) =>
    parseAllDocuments(text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')),
)

t.test('every example is YAML', async t => {
  t.ok(examples.length >= 4)
  for (const [document] of examples) t.strictSame(document?.errors, [])
})

t.test('values that are named are there', async t => {
  const set = [...page.matchAll(/--set ([\w.]+)=/g)].map(([, path = '']) => path)
  t.ok(set.length >= 4)
  const [first = {}, application] = examples.map(([each]) => each!.toJS() as object)
  const rendered = (application as Application).spec.source.helm.valuesObject
  for (const path of [...set, ...pathsIn(first), ...pathsIn(rendered)]) t.ok(isKnown(path), path)
  const tops = '(image|postgresql|monitoring|admission|activity|networkPolicies|deployments|scan)'
  for (const [, path = ''] of page.matchAll(new RegExp(`\`(${tops}\\.[\\w.]+)(: [\\w-]+)?\``, 'g')))
    t.ok(isKnown(path), path)
})

t.test('webhooks whose strictness can be set are those that are shipped', async t => {
  const shipped = parseAllDocuments(readFileSync('charts/kradle/files/webhooks.yaml', 'utf8'))
    .flatMap(each => ((each.toJS() ?? {}) as { webhooks?: { name: string }[] }).webhooks ?? [])
    .map(({ name }) => name)
  const schema = JSON.parse(readFileSync('charts/kradle/values.schema.json', 'utf8')) as Schema
  const { failurePolicies, timeoutSeconds } = schema.properties.admission.properties
  t.strictSame(Object.keys(failurePolicies.properties).toSorted(), shipped.toSorted())
  t.strictSame(Object.keys(timeoutSeconds.properties).toSorted(), shipped.toSorted())
})

interface Schema {
  readonly properties: {
    readonly admission: {
      readonly properties: Record<
        'failurePolicies' | 'timeoutSeconds',
        { readonly properties: object }
      >
    }
  }
}

t.test('what is linked to is there', async t => {
  for (const file of ['install', 'runbooks', 'network'])
    for (const [, link = ''] of readFileSync(`docs/${file}.md`, 'utf8').matchAll(
      /\]\(([^)]+)\)/g,
    )) {
      const [path = '', anchor] = link.split('#')
      const target =
        path === '' ? `docs/${file}.md` : new URL(path, 'file:///docs/').pathname.slice(1)
      t.ok(globSync(target).length > 0, link)
      if (anchor !== undefined) t.ok(anchorsOf(target).has(anchor), `${file}: ${link}`)
    }
})

interface Application {
  readonly spec: { readonly source: { readonly helm: { readonly valuesObject: object } } }
}

const pathsIn = (object: object, parent = ''): string[] =>
  Object.entries(object).flatMap(([key, value]) => {
    const path = parent === '' ? key : `${parent}.${key}`
    return typeof value === 'object' && value !== null ? pathsIn(value as object, path) : [path]
  })

/** As GitHub makes them of headings. */
const anchorsOf = (file: string): Set<string> =>
  new Set(
    (readFileSync(file, 'utf8').match(/^#+ .*$/gm) ?? []).map(heading =>
      heading
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
