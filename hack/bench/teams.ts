/** One object to create: where it is posted to and its JSON. */
export type Write = { readonly path: string; readonly body: Buffer }

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

/** Carries organizationRef and label. */
export const complete = (slug: string, name: string, group = teamGroup): Write =>
  write(group, slug, {
    metadata: { name, labels: { [orgLabel]: slug } },
    spec: { organizationRef: slug, ...spec },
  })

/** Carries neither: somebody has to fill them in, or the schema refuses it. */
export const lacking = (slug: string, name: string): Write =>
  write(teamGroup, slug, { metadata: { name }, spec })

/** Names another organisation than that of its namespace. */
export const foreign = (slug: string, name: string): Write =>
  write(teamGroup, slug, {
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

function write(group: string, slug: string, object: object): Write {
  const team = { apiVersion: `${group}/v1alpha1`, kind: 'Team', ...object }
  return { path: teamsPath(group, slug), body: Buffer.from(JSON.stringify(team)) }
}
