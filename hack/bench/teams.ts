import { isJudged, type Sample } from './sample.ts'
import { writeOf, type Write } from './writer.ts'

export const teamGroup = 'kradle.a5c.ai'

/** The same definition under a group that no setup matches: what a create costs by itself, measured next to it. */
export const referenceGroup = 'reference.bench.invalid'

const orgLabel = 'kradle.a5c.ai/org'

export const slugOf = (index: number): string => `bench-${String(index).padStart(4, '0')}`
export const namespaceOf = (slug: string): string => `kradle-org-${slug}`

const people = ['ada', 'barbara', 'edsger', 'frances', 'grace', 'john', 'ken', 'leslie', 'margaret']

const spec = {
  displayName: 'Platform engineering',
  members: people,
  maintainers: people.slice(0, 2),
  repositoryPermissions: ['api', 'web', 'infrastructure', 'docs'].map((repository, index) => ({
    repository,
    permission: (['read', 'write', 'admin'] as const)[index % 3],
  })),
}

/** What `npm run bench -- admission` creates. */
export const teams: Sample = {
  noun: 'Team',
  plain: 'complete',
  write: (shape, slug, name) => (shape === 'defaults' ? lacking : complete)(slug, name),
  reference: (slug, name) => complete(slug, name, referenceGroup),
  probes: setup => [
    { title: 'a foreign Team', write: foreign, isRight: isJudged(setup) },
    {
      title: 'a Team without organisation',
      write: lacking,
      // Nobody fills it in: the schema refuses it, and a mutation left over from another setup shows.
      isRight: ({ status, body }, slug) =>
        setup.shapes.includes('defaults')
          ? status === 201 && isFilledIn(body, slug)
          : status === 422,
    },
  ],
  collections: slug => [teamGroup, referenceGroup].map(group => teamsPath(group, slug)),
}

/** Carries organizationRef and label. */
export const complete = (slug: string, name: string, group = teamGroup): Write =>
  teamWith(group, slug, {
    metadata: { name, labels: { [orgLabel]: slug } },
    spec: { organizationRef: slug, ...spec },
  })

/** Carries neither: somebody has to fill them in, or the schema refuses it. */
export const lacking = (slug: string, name: string): Write =>
  teamWith(teamGroup, slug, { metadata: { name }, spec })

/** Names another organisation than that of its namespace. */
export const foreign = (slug: string, name: string): Write =>
  teamWith(teamGroup, slug, {
    metadata: { name, labels: { [orgLabel]: slug } },
    spec: { organizationRef: 'somebody-else', ...spec },
  })

/** Whether an object that was created says whose it is. */
export function isFilledIn(body: string, slug: string): boolean {
  const { metadata, spec: created } = JSON.parse(body) as {
    metadata?: { labels?: Record<string, string> }
    spec?: { organizationRef?: string }
  }
  return metadata?.labels?.[orgLabel] === slug && created?.organizationRef === slug
}

export const teamsPath = (group: string, slug: string): string =>
  `/apis/${group}/v1alpha1/namespaces/${namespaceOf(slug)}/teams`

const teamWith = (group: string, slug: string, object: object): Write =>
  writeOf(teamsPath(group, slug), { apiVersion: `${group}/v1alpha1`, kind: 'Team', ...object })
