import { ownedKinds } from '#src/api/kinds.ts'
import type { Kind } from '#src/api/kind.ts'
import { named, referencedKinds, type Named } from '#src/lib/references.ts'
import { newReferences, readsOf } from '#webhooks/new-references.ts'
import { called, inProcess } from '#webhooks/registry.ts'
import { deny, rule, type Request } from '#webhooks/rule.ts'

const denies = ({ onMissing }: { readonly onMissing: string }): boolean => onMissing === 'deny'

/** The kinds with a reference that must not dangle, those references alone. */
const guarded: readonly Kind[] = ownedKinds
  .map(({ references = [], ...kind }) => ({ ...kind, references: references.filter(denies) }))
  .filter(({ references }) => references.length > 0)

/**
 * A name that would do harm while it stands for nothing is refused at once: a trigger whose
 * stack is yet to come, for instance, would fire whatever somebody else puts there later.
 *
 * Which references these are is for the definitions to say (`onMissing: deny`); the others
 * become a condition. A name is looked for in the object's own namespace only, so one of
 * another organisation is answered like one that nobody has. A name that stands already may
 * outlive what it names.
 */
export default rule({
  kinds: guarded,
  operations: ['CREATE', 'UPDATE'],
  enforces: ['R33', 'R78', 'R101', 'R143', 'R194', 'R200', 'R202', 'R207', 'R212'],
  background: 'while-open',
  watches: from => referencedKinds(from).filter(called),
  gets: from => referencedKinds(from).filter(inProcess),
  lookups: request => readsOf(newNames(request), request.namespace),
  decide: (request, cluster) =>
    newNames(request)
      .filter(({ kind, name }) => !named(kind, name, request.namespace, cluster))
      .flatMap(({ path, kind, name }) =>
        deny({
          rule: ruleFor[request.resource.resource] ?? 'R33',
          field: path,
          value: name,
          problem: `is no ${kind.kind} in namespace "${request.namespace}"`,
          fix: 'create it first, or name one that is there',
        }),
      ),
})

/** The number under which the rule book has the reference of a kind; all others are R33. */
const ruleFor: Readonly<Record<string, string>> = {
  agentdispatchruns: 'R101',
  agenttriggerrules: 'R143',
  policybindings: 'R200',
  policyexceptionrequests: 'R202',
  artifactfeeds: 'R212',
  artifactaccesspolicies: 'R212',
  artifactdownloads: 'R212',
  artifactversions: 'R212',
  jobs: 'R194',
  reviews: 'R78',
  webhookdeliveries: 'R207',
}

/** What this very write names and must be there. */
function newNames(request: Request): readonly Named[] {
  const kind = guarded.find(({ plural }) => plural === request.resource.resource)
  return kind ? newReferences(kind, request) : []
}
