import { metaType } from './meta-types.ts'
import { definitionName } from './openapi-schema.ts'
import type { Served } from './served.ts'

/** What one method at one path does, before it is written in a version of OpenAPI. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  readonly id: string
  readonly description: string
  /** x-kubernetes-action. */
  readonly action: string
  /** Names as in `metaTypes.parameters`, without those that the whole path has. */
  readonly parameters: readonly string[]
  readonly consumes: readonly string[]
  /** The definition of what is sent; undefined where nothing is. */
  readonly body: { readonly definition: string; readonly required: boolean } | undefined
  /** What is answered with, by code. */
  readonly responses: readonly (readonly [code: number, description: string, definition: string])[]
}

export interface Path {
  readonly path: string
  /** Of every operation at the path; `name` is the one that says which kind it is of. */
  readonly parameters: readonly string[]
  readonly operations: readonly Operation[]
}

export const MEDIA_TYPES = ['application/json', 'application/yaml'] as const
const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
]

const LIST_OPTIONS = [
  'allowWatchBookmarks-HC2hJt-J',
  'continue-QfD61s0i',
  'fieldSelector-xIcQKXFG',
  'labelSelector-5Zw57w4C',
  'limit-1NfNmdNH',
  'resourceVersion-5WAnf1kx',
  'resourceVersionMatch-t8XhRHeC',
  'sendInitialEvents-rLXlEK_k',
  'shardSelector-Kgyki_3_',
  'timeoutSeconds-yvYezaOC',
  'watch-XNNPZGbK',
]
const WRITE_OPTIONS = ['dryRun', 'fieldManager-Qy4HdaTW', 'fieldValidation']

/** The query parameters of each action, in alphabetical order. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  list: LIST_OPTIONS,
  deletecollection: LIST_OPTIONS,
  get: ['resourceVersion-5WAnf1kx'],
  post: WRITE_OPTIONS,
  put: WRITE_OPTIONS,
  patch: ['dryRun', 'fieldManager-7c6nTn1T', 'fieldValidation', 'force-tOGGb0Yi'],
  delete: [
    'dryRun',
    'gracePeriodSeconds--K5HaBOS',
    'ignoreStoreReadErrorWithClusterBreakingPotential-QbNkfIqj',
    'orphanDependents-uRB25kX5',
    'propagationPolicy-6jk3prlO',
  ],
}

const PRETTY = 'pretty-tJGM1-ng'
const NAMESPACE = 'namespace-vgWSWtn3'

/** Everything that can be done with a resource, as kube-apiserver lists it for a CustomResourceDefinition. */
export function pathsOf(served: Served): readonly Path[] {
  const { group, version, plural, namespaced, kind } = served.kind
  const root = `/apis/${group}/${version}`
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`
  const scope = namespaced ? [NAMESPACE] : []
  const one = ['name', ...scope]
  const make = (method: Operation['method'], action: string, verb: string, status = false) =>
    operation(served, method, action, verb, status)
  const create = make('post', 'post', 'create')
  if (served.listKind === undefined) return [at(collection, scope, [create])]
  const list = make('get', 'list', 'list')
  const everywhere = { ...list, id: `${idPrefix(served, 'list')}${kind}ForAllNamespaces` }
  const ofStatus = [
    make('get', 'get', 'read', true),
    make('put', 'put', 'replace', true),
    make('patch', 'patch', 'patch', true),
  ]
  return [
    ...(namespaced ? [at(`${root}/${plural}`, [], [everywhere])] : []),
    at(collection, scope, [list, create, make('delete', 'deletecollection', 'deletecollection')]),
    at(`${collection}/{name}`, one, [
      make('get', 'get', 'read'),
      make('put', 'put', 'replace'),
      make('delete', 'delete', 'delete'),
      make('patch', 'patch', 'patch'),
    ]),
    at(`${collection}/{name}/status`, one, ofStatus),
  ]
}

/** Where one method is all there is, what it takes is taken by the whole path. */
function at(path: string, parameters: readonly string[], operations: readonly Operation[]): Path {
  const [first, ...more] = operations
  return first && more.length === 0
    ? {
        path,
        parameters: [...parameters, ...first.parameters, PRETTY].toSorted(),
        operations: [{ ...first, parameters: [] }],
      }
    : { path, parameters: [...parameters, PRETTY], operations }
}

function operation(
  served: Served,
  method: Operation['method'],
  action: string,
  verb: string,
  ofStatus: boolean,
): Operation {
  const self = definitionName(served)
  const answer =
    method === 'delete'
      ? metaType('Status')
      : action === 'list'
        ? definitionName(served, served.listKind)
        : self
  const also: Readonly<Record<string, readonly [number, string][]>> = {
    post: [
      [201, 'Created'],
      [202, 'Accepted'],
    ],
    put: [[201, 'Created']],
    delete: [[202, 'Accepted']],
  }
  const answers: readonly [number, string][] = [[200, 'OK'], ...(also[action] ?? [])]
  return {
    method,
    id: operationId(served, verb, ofStatus),
    description: describe(served.kind.kind, verb, ofStatus),
    action,
    parameters: OPTIONS[action]!,
    consumes: action === 'patch' ? PATCH_TYPES : MEDIA_TYPES,
    body: bodyOf(action, self),
    responses: answers.map(([code, description]) => [code, description, answer] as const),
  }
}

function bodyOf(action: string, self: string): Operation['body'] {
  if (action === 'post' || action === 'put') return { definition: self, required: true }
  if (action === 'patch') return { definition: metaType('Patch'), required: true }
  return action === 'delete'
    ? { definition: metaType('DeleteOptions'), required: false }
    : undefined
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const idPrefix = ({ kind: { group, version } }: Served, verb: string): string =>
  verb + [...group.split(/[^A-Za-z0-9_]/), version].map(capitalised).join('')

function operationId(served: Served, verb: string, ofStatus: boolean): string {
  const { kind, namespaced } = served.kind
  const rest = `${namespaced ? 'Namespaced' : ''}${kind}${ofStatus ? 'Status' : ''}`
  return verb === 'deletecollection'
    ? `${idPrefix(served, 'delete')}Collection${rest}`
    : `${idPrefix(served, verb)}${rest}`
}

/** The tag of every operation of a group and version. */
export function tagOf({ kind: { group, version } }: Served): string {
  const [first, ...more] = group.split(/[^A-Za-z0-9_]/)
  return `${first}${more.map(capitalised).join('')}_${version}`
}

function describe(kind: string, verb: string, ofStatus: boolean): string {
  const status = ofStatus ? ' status of' : ''
  switch (verb) {
    case 'list':
      return `list objects of kind ${kind}`
    case 'patch':
      return `partially update${status} the specified ${kind}`
    case 'deletecollection':
      return `delete collection of ${kind}`
    case 'create':
    case 'delete':
      return `${verb}${article(kind)}${kind}`
    default:
      return `${verb}${status} the specified ${kind}`
  }
}

/** Plurals have none, as far as an s at the end tells. */
const article = (noun: string): string =>
  noun.endsWith('s') && !noun.endsWith('ss') ? ' ' : /^[aeiou]/i.test(noun) ? ' an ' : ' a '
