import type { KubernetesObject, UnknownObject } from '#src/api/object.ts'
import type { Cluster } from '#src/lib/cluster.ts'
import { recorded, type Looks } from '#src/lib/recorded-cluster.ts'
import { bothOf, noAccess } from '#webhooks/access.ts'
import type { Access, AccessReview } from '#webhooks/rule.ts'
import { judge, type Manifest, type Means } from './judge.ts'
import { nothingSaid, policiesSay, type PoliciesSay } from './policies.ts'
import type { Verdict } from './verdict.ts'

/** What manifests are judged against, and whoever can be asked about the writer. */
export interface World {
  /** What is known so far, with all that has been stored. */
  view(): Cluster
  /** What is bound and may not be read, in words; policies that depend on it are not judged. */
  hidden(): readonly string[]
  /** Puts an object there for whatever is judged after it. */
  store(object: KubernetesObject): void
  /** Reads what was looked at and is not known; whether there was any such thing. */
  learn(looks: Looks): Promise<boolean>
  /** Whether the writer has these rights, and those of them that are taken for granted. */
  ask(reviews: readonly AccessReview[]): Promise<{ access: Access; assumed: readonly string[] }>
}

/** Rules look at more once they have seen something, and ask more; none needs nearly as many rounds. */
const MOST_ROUNDS = 50

/** Judges a manifest, and has read and asked whatever that takes; what is accepted is stored as it was admitted. */
export async function settle(manifest: Manifest, means: Means, world: World): Promise<Verdict> {
  let access = noAccess
  const assumes: string[] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { cluster, looks } = recorded(world.view())
    const { verdict, admitted, asks } = judge(manifest, means, cluster, access)
    // What is refused anyway no policy has to be asked about.
    const policies = admitted ? askPolicies(manifest, admitted, means, cluster) : nothingSaid
    // What was looked at comes first: rights to what is not there may not be worth asking about.
    if (await world.learn(looks)) continue
    if (verdict) {
      const { causes, warnings, notes, unjudged } = policies
      if (admitted && causes.length === 0) world.store(admitted)
      return {
        ...verdict,
        ...(causes.length > 0 && { result: 'refused', causes }),
        warnings: [...verdict.warnings, ...warnings],
        notes,
        unjudged: [
          ...unjudged,
          ...(admitted ? world.hidden().map(what => `${what} (not yours to read)`) : []),
        ],
        assumes,
      }
    }
    const answer = await world.ask(asks)
    access = bothOf(access, answer.access)
    assumes.push(...answer.assumed)
  }
  throw new Error(
    `${manifest.file}:${manifest.line}: rules want to know ever more; please report this`,
  )
}

function askPolicies(
  { kind }: Manifest,
  admitted: UnknownObject,
  { user }: Means,
  cluster: Cluster,
): PoliciesSay {
  const { name, namespace } = admitted.metadata
  const old = name ? (cluster.get(kind, name, namespace) as UnknownObject | undefined) : undefined
  return policiesSay({ kind, object: admitted, old, user }, cluster)
}
