import t from 'tap'
import { partsOf } from '#test/conformance/refused/answers.ts'

// What has to be said is the same on every API server, whatever it says around it.

const cases: Readonly<Record<string, readonly [answer: string, parts: readonly string[]]>> = {
  'an admission policy': [
    'teams.kradle.a5c.ai "spies" is forbidden: ValidatingAdmissionPolicy \'a\' with binding \'b\' denied request: spec.x: "y" is no z; leave it out [R28]',
    ['spec.x: "y" is no z; leave it out [R28]'],
  ],
  'a webhook, with several reasons': [
    'admission webhook "validate.kradle.a5c.ai" denied the request: spec: 306763 bytes are too many [R15 a/b]\nspec.c: is d [R2]',
    ['spec: ... bytes are too many [R15 a/b]', 'spec.c: is d [R2]'],
  ],
  'a schema': [
    'Team.kradle.a5c.ai "x" is invalid: spec.a: Invalid value: "b" is not c (R39); write d',
    ['spec.a: ', '"b" is not c (R39); write d'],
  ],
  'a schema that stopped there': [
    'Team.kradle.a5c.ai "x" is invalid: [spec.a: Required value, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
    ['spec.a: '],
  ],
}

for (const [what, [answer, parts]] of Object.entries(cases))
  t.test(what, async t => t.strictSame(partsOf(answer), parts))
