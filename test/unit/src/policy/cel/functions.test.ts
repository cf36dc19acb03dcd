import t from 'tap'
import { argumentsOf } from '#src/policy/cel/functions.ts'

// The lists were taken from Kyverno v1.19.1 itself: a program beside its compilers made the environment of each kind of
// policy, for a namespace, and wrote down env.Functions() and env.Macros(). Without those that only the library calls, and
// without the authorizer's, since there is no variable for it.

t.test('says how many arguments a function takes in each shape', async t => {
  t.strictSame(argumentsOf('matches', 'Validating'), { function: [2], method: [1] })
  t.strictSame(argumentsOf('math.greatest', 'Deleting'), { function: 'any' })
  t.strictSame(argumentsOf('regex.replace', 'Generating'), { function: [3, 4] })
  t.strictSame(argumentsOf('toString', 'Validating'), undefined)
})

t.test('knows what is there for some types alone', async t => {
  t.ok(argumentsOf('getImageData', 'ImageValidating'))
  t.notOk(argumentsOf('getImageData', 'Validating'))
  t.notOk(argumentsOf('parseServiceAccount', 'Deleting'))
})
