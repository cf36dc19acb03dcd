import { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { listed, met, readyWhen, unmet } from '#src/lib/conditions.ts'
import { controller } from '#src/lib/controller.ts'
import { problemsOf } from '#src/policy/body.ts'
import { asClause } from './problem-clause.ts'

/**
 * Says of every PolicyTemplate whether it can become a policy (R203, R205). Admission refuses
 * those that cannot, but knows nothing of ones that were there before it, or before a change
 * of what is allowed.
 */
export default controller(PolicyTemplate, {
  name: 'policytemplate',
  watches: [],
  writes: [],
  reconcile(template) {
    const problems = problemsOf(template)
    const compiled =
      problems.length === 0
        ? met(
            'Compiled',
            'Compiled',
            'Every expression compiles, and nothing else stands against it',
          )
        : unmet('Compiled', 'Invalid', listed(problems.map(asClause)))
    return {
      status: {
        phase: problems.length === 0 ? 'Compiled' : 'Invalid',
        conditions: readyWhen([compiled], 'Ready', 'The template can be bound'),
      },
    }
  },
})
