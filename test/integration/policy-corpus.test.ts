import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import type { UnknownObject } from '#src/api/object.ts'
import { expressionsOf } from '#src/policy/body-expressions.ts'
import { problemsOf } from '#src/policy/body.ts'
import { objectOf } from '#test/fixtures.ts'

// Every policy that Kyverno's own tests and charts hold, as a template of the platform: what Kyverno compiles for a
// namespace, problemsOf lets through. Only where Kyverno's module is there: nothing is fetched for this.

const module = `${homedir()}/go/pkg/mod/github.com/kyverno/kyverno@v1.19.1`
const KIND = /^(?:Namespaced)?(Validating|Mutating|Generating|ImageValidating|Deleting)Policy$/

/** What Kyverno refuses, too, as its compilers said of the same files: calls that name a namespace, and what is for envoy. */
const REFUSED =
  /"(?:get|Get|list|List|apply|Apply)" does not take \d arguments|"(?:envoy|jwt|Denied|Allowed|Response|WithBody|Decode)"|found "\{" where it makes no sense/

const policies = globSync(`${module}/{test,charts}/**/*.yaml`)
  .filter(file => statSync(file).isFile())
  .toSorted()
  .flatMap(file => {
    const text = readFileSync(file, 'utf8')
    if (!text.includes('policies.kyverno.io/') || text.includes('{{-')) return []
    return parseAllDocuments(text, { logLevel: 'silent' }).flatMap(document => {
      const object = document.toJS() as UnknownObject | null
      const type = object?.spec && KIND.exec(object.kind)?.[1]
      return type ? [{ file, type: type as Type, spec: object.spec! }] : []
    })
  })
type Type = PolicyTemplate['spec']['kyverno']['type']

t.test(
  'every expression of Kyverno’s own policies passes',
  { skip: !existsSync(module) },
  async t => {
    let expressions = 0
    const stray: string[] = []
    const refused = new Set<string>()
    for (const { file, type, spec } of policies) {
      const template = objectOf(PolicyTemplate, {
        metadata: { name: 'x', namespace: 'kradle-system' },
        spec: {
          displayName: 'x',
          severity: 'low',
          targetKinds: [],
          rolloutDefaults: { mode: 'audit' },
          kyverno: { type, spec },
        },
      })
      expressions += expressionsOf(template).length
      for (const { problem } of problemsOf(template)) {
        if (!problem.startsWith('does not compile')) continue
        if (REFUSED.test(problem)) refused.add(file)
        else stray.push(`${file}: ${problem}`)
      }
    }
    t.comment(
      `${policies.length} policies, ${expressions} expressions; ${refused.size} files hold what is refused by Kyverno, too`,
    )
    t.strictSame(stray, [])
    t.ok(expressions > 900)
  },
)
