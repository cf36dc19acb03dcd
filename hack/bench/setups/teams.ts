import type { Stand } from '#hack/bench/stand.ts'
import { emptySetups } from './empty.ts'
import { kradleSetup } from './kradle.ts'
import { kyvernoSetups } from './kyverno.ts'
import { nativePolicy, none } from './native.ts'
import type { Setup } from './setup.ts'

/** What is compared for Teams. Call it while Kradle is in force. */
export const teamSetups = async ({
  api,
  empty,
  kyverno,
  kradle,
}: Pick<Stand, 'api' | 'empty' | 'kyverno' | 'kradle'>): Promise<readonly Setup[]> => [
  none('complete'),
  nativePolicy,
  ...emptySetups(empty),
  ...kyvernoSetups(kyverno),
  await kradleSetup(kradle, api, {
    shapes: ['complete', 'defaults'],
    // Admission policies decide on a Team; no webhook is asked.
    reviews: { complete: 0, defaults: 0 },
    refusal: /ValidatingAdmissionPolicy 'kradle-organization-scope'/,
  }),
]
