import { KYVERNO_RESULTS } from './kyverno-files.ts'
import type { KyvernoSaid } from './kyverno-output.ts'
import type { ExpectedObject } from './document.ts'
import type { Suite } from './suite.ts'

/** What became of one object of a test. */
export interface Outcome {
  readonly template: string
  readonly test: string
  /** `kind/name`. */
  readonly object: string
  readonly expected: ExpectedObject['result']
  /** What Kyverno made of it; absent where it was not asked. */
  readonly kyverno?: KyvernoSaid
  /** What Kradle made of it, as in `kradle check`; absent where only Kyverno can judge it. */
  readonly kradle?: KyvernoSaid
  /** What is other than expected; none where all is well, and where nobody could judge it. */
  readonly problems: readonly string[]
}

/** What both made of the objects of a suite, by name. */
export function outcomesOf(
  { template, test }: Suite,
  kyverno: ReadonlyMap<string, KyvernoSaid>,
  kradle: ReadonlyMap<string, KyvernoSaid>,
): readonly Outcome[] {
  return test.objects.map(expected => {
    const { name } = expected.object.metadata
    const [theirs, ours] = [kyverno.get(name), kradle.get(name)]
    return {
      template: template.metadata.name,
      test: test.name,
      object: `${expected.object.kind}/${name}`,
      expected: expected.result,
      ...(theirs && { kyverno: theirs }),
      ...(ours && { kradle: ours }),
      problems: [
        ...(theirs ? differences('Kyverno', theirs, expected) : []),
        ...(ours ? differences('Kradle', ours, expected) : []),
      ],
    }
  })
}

function differences(
  who: string,
  { result, message }: KyvernoSaid,
  expected: ExpectedObject,
): readonly string[] {
  const wanted = KYVERNO_RESULTS[expected.result]
  if (result !== wanted) {
    const got = wanted === expected.result ? result : (OF_DELETING[result] ?? result)
    return [`${who} says ${got}${message ? `: ${message}` : ''}`]
  }
  if (expected.message !== undefined && !message.includes(expected.message))
    return [`${who} does not say "${expected.message}" but: ${message}`]
  return []
}

const OF_DELETING: Readonly<Record<string, string>> = { pass: 'deleted', fail: 'kept' }
