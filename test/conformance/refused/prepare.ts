import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { ACTIVITY_GROUP, GROUP } from '#src/api/names.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import type { Step } from '#hack/gen/refusals.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../runner/failure.ts'
import { lent, ofKradle, roleBinding } from '../runner/objects.ts'
import type { Stage } from '../runner/stage.ts'
import { single } from './send.ts'
import { adapted, refusals } from './texts.ts'

const docs = resolve(import.meta.dirname, '../../../docs')

/** Everything of docs/examples and docs/activity-examples but the organisation, which is there; what others name comes first. */
export const examples = (): readonly Step[] =>
  ['examples', 'dated-examples', 'activity-examples']
    .flatMap(folder => globSync(`${folder}/*.yaml`, { cwd: docs }).toSorted())
    .flatMap(file => parseAllDocuments(readFileSync(resolve(docs, file), 'utf8')))
    .map(document => document.toJS() as KubernetesObject)
    .filter(({ kind }) => kind !== 'Organization')
    .map(object => ({ object, text: '', as: undefined, verb: 'apply', subresource: '' }))

export const isActivity = ({ object }: Step): boolean =>
  object.apiVersion.startsWith(`${ACTIVITY_GROUP}/`)

/** How long it may take until everything that names each other is there, in seconds. */
const PATIENCE = 120

/** Has everything there that docs/refused takes for granted, and what stands in its files before what is refused. */
export async function prepare(on: Stage): Promise<void> {
  await on.does(['create', '-f', '-'], { input: people(on) })
  const steps = [...examples(), ...refusals.flatMap(({ before }) => before)].filter(
    step => on.has.has('activity') || !isActivity(step),
  )
  const isTogether = ({ as, subresource, verb }: Step) =>
    as === undefined && subresource === '' && verb === 'apply'
  await applied(
    on,
    steps.filter(isTogether).map(({ object }) => adapted(object, on)),
  )
  for (const each of steps.filter(step => !isTogether(step)))
    if (each.subresource !== '' || each.verb === 'delete') {
      const { args, ...asked } = single(each, on)
      await on.comes(args, asked)
    } else
      await on.comes(['create', '-f', '-'], {
        as: adapted(each.as!, on),
        input: adapted(each.object, on),
      })
  await on.comes(['get', 'serviceaccount', 'repairer'])
}

/** Applies all, and again what may have to wait for something else. */
async function applied(on: Stage, objects: readonly KubernetesObject[]): Promise<void> {
  const end = Date.now() + PATIENCE * 1000
  const args = ['apply', '--server-side', '--force-conflicts', '-f', '-']
  for (let left = unique(objects); left.length > 0;) {
    const said = await on.call(args, { input: left, seconds: PATIENCE })
    const done = new Set(said.stdout.match(/^\S+(?= serverside-applied$)/gm))
    left = left.filter(object => !done.has(printedName(object)))
    if (left.length > 0 && Date.now() > end)
      throw Failure.of({ args, input: left }, `within ${PATIENCE} s: accepted`, said)
    await sleep(200)
  }
}

/** Examples bring along what they need, so that many are there several times. */
const unique = (objects: readonly KubernetesObject[]): readonly KubernetesObject[] => [
  ...new Map(objects.map(object => [JSON.stringify(object), object])).values(),
]

/** As kubectl prints it: `team.kradle.a5c.ai/core`. */
function printedName({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  return `${kind.toLowerCase()}${group}/${metadata.name}`
}

/** Those that docs/refused/README.md names, and what a controller that is still to come will be allowed. */
const people = (on: Stage) => [
  roleBinding('member', { kind: 'ClusterRole', name: 'kradle-member' }, [`${on.org}-member`]),
  roleBinding('admin', { kind: 'ClusterRole', name: 'kradle-admin' }, [
    adapted('jane@example.com', on),
  ]),
  ...lent('starts-runs', [ofKradle('dispatch-controller')], {
    apiGroups: ['', 'batch', ACTIVITY_GROUP],
    resources: ['pods', 'jobs', 'agentapprovals'],
    verbs: ['create'],
  }),
  // kubectl reads what it patches; controllers only write it.
  ...lent('reads-status', writers.map(ofKradle), {
    apiGroups: [GROUP],
    resources: written.flatMap(plural => [plural, `${plural}/status`]),
    verbs: ['get', 'patch'],
  }),
]

const writers = ['workspace-controller', 'runner-controller', 'inference-controller']
const written = ['kradleworkspaces', 'runnerpools', 'kradleinferenceservices']
