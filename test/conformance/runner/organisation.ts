import { commandOf, type Call, type Kubectl, type Said } from './kubectl.ts'
import { Failure } from './failure.ts'
import { kradle } from './objects.ts'

/** Where Organizations live. */
export const PLATFORM = 'kradle-system'

/** Everything that a run makes outside of its organisations' namespaces has it, with the run as its value. */
export const LABEL = 'kradle-conformance'

export const namespaceOf = (slug: string): string => `kradle-org-${slug}`

const UP_WITHIN = 60
const GONE_WITHIN = 180

/** Makes an organisation and waits until it is Ready. */
export async function createOrganization(
  kubectl: Kubectl,
  slug: string,
  run: string,
): Promise<void> {
  const spec = { displayName: 'Conformance', namespaceName: namespaceOf(slug) }
  const metadata = { namespace: PLATFORM, labels: { [LABEL]: run } }
  const input = kradle('Organization', slug, spec, metadata)
  await must(kubectl, { args: ['create', '-f', '-'], input })
  const ready = ['--for=condition=Ready', `--timeout=${UP_WITHIN}s`, '-n', PLATFORM]
  await must(kubectl, {
    args: ['wait', `organization.kradle.a5c.ai/${slug}`, ...ready],
    seconds: UP_WITHIN + 5,
  })
}

/** Has it go, confirmed as an admin would; does not wait, and says nothing where it is gone already. */
export async function deleteOrganization(kubectl: Kubectl, slug: string): Promise<void> {
  const object = ['organization.kradle.a5c.ai', slug, '-n', PLATFORM]
  const confirm = `kradle.a5c.ai/confirm-delete=${slug}`
  await kubectl.run({ args: ['annotate', ...object, '--overwrite', confirm] })
  const gone = ['--ignore-not-found', '--wait=false']
  await must(kubectl, { args: ['delete', ...object, ...gone] })
}

/** Waits until organisations and their namespaces are gone. Throws with what is still there. */
export async function areGone(kubectl: Kubectl, slugs: readonly string[]): Promise<void> {
  if (slugs.length === 0) return
  const forGone = ['--for=delete', `--timeout=${GONE_WITHIN}s`]
  const seconds = GONE_WITHIN + 5
  const organizations = slugs.map(slug => `organization.kradle.a5c.ai/${slug}`)
  const namespaces = slugs.map(slug => `namespace/${namespaceOf(slug)}`)
  await must(kubectl, { args: ['wait', ...organizations, '-n', PLATFORM, ...forGone], seconds })
  await must(kubectl, { args: ['wait', ...namespaces, ...forGone], seconds })
}

async function must(kubectl: Kubectl, call: Call): Promise<Said> {
  const said = await kubectl.run(call)
  if (said.code === 0) return said
  throw new Failure(commandOf(call), 'accepted', said.stderr.trim() || said.stdout.trim())
}
