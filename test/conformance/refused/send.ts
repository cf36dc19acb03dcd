import type { Refusal, Step } from '#hack/gen/refusals.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Stage } from '../runner/stage.ts'
import { says } from '../runner/says.ts'
import { adapted, wordsOf } from './texts.ts'

/** What kubectl is called with for one or several steps that are sent alike. */
export interface Sent {
  readonly args: readonly string[]
  readonly as?: string
  readonly input?: object
}

/** Those that one process can send together, as kubectl goes on with the next where one is refused. */
export interface Batch extends Sent {
  readonly refusals: readonly Refusal[]
}

const keyOf = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
  [apiVersion, kind, metadata.namespace, metadata.name].join('/')

/** What is there when refusals are sent: everything of the examples, what goes before refusals, and what Kradle makes of it. */
export function knownIn(steps: readonly Step[]): ReadonlySet<string> {
  const made = 'v1/ServiceAccount/kradle-org-acme/repairer'
  return new Set([made, ...steps.map(({ object }) => keyOf(object))])
}

/** Puts refusals together into as few calls as there can be. Nothing is stored. */
export function batchesOf(
  refusals: readonly Refusal[],
  known: ReadonlySet<string>,
  on: Stage,
): readonly Batch[] {
  const groups = Map.groupBy(refusals, ({ file, refused }) => {
    const isAlone = refused.verb === 'delete' || refused.subresource !== '' || isUnknown(refused)
    if (isAlone) return file
    return `${known.has(keyOf(refused.object)) ? 'apply' : 'create'} ${refused.as}`
  })
  return [...groups].map(([key, group]) => {
    const [{ refused }] = group as [Refusal]
    const as = refused.as === undefined ? {} : { as: adapted(refused.as, on) }
    const objects = group.map(each => adapted(each.refused.object, on))
    return {
      ...as,
      refusals: group,
      ...(refused.verb === 'delete' || refused.subresource !== ''
        ? single(refused, on, ['--dry-run=server'])
        : { args: [...wayOf(key), '--dry-run=server', '-f', '-'], input: [...objects] }),
    }
  })
}

const wayOf = (key: string): readonly string[] =>
  key.startsWith('apply ')
    ? ['apply', '--server-side', '--force-conflicts', '--field-manager=refusals']
    : ['create']

/** kubectl stops before it sends anything where it finds a kind that nobody serves. */
const isUnknown = ({ object }: Step): boolean => wordsFromKubectl.has(object.kind)
const wordsFromKubectl = new Set(['Gizmo'])

/** A step that no other goes with: a deletion, or a write to a status. */
export function single(
  { object, verb, subresource, as }: Step,
  on: Stage,
  flags: readonly string[] = [],
): Sent {
  const { kind, apiVersion, metadata, ...rest } = adapted(object, on)
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  const version = group && `.${apiVersion.split('/')[1]}`
  const target = [`${kind}${version}${group}`, metadata.name, '-n', metadata.namespace!, ...flags]
  const who = as === undefined ? {} : { as: adapted(as, on) }
  if (verb === 'delete') return { ...who, args: ['delete', ...target] }
  const patch = JSON.stringify(rest)
  const way = [`--subresource=${subresource}`, '--type=merge', '-p', patch]
  return { ...who, args: ['patch', ...target, ...way] }
}

/** The files whose words are not said, with what they are. */
export const unsaid = (
  batch: Batch,
  said: string,
  on: Stage,
): readonly (readonly [file: string, words: readonly string[]])[] =>
  batch.refusals
    .map(refusal => [refusal.file, wordsOf(refusal, on).filter(part => !says(said, part))] as const)
    .filter(([, words]) => words.length > 0)
