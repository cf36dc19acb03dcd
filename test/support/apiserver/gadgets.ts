import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Admission } from '#src/apiserver/admission/admission.ts'
import type { FieldManager } from '#src/apiserver/managed-fields/field-manager.ts'
import type { Answer as HandlerAnswer, ApiRequest } from '#src/apiserver/request.ts'
import type { OpenApiSchema, Resource } from '#src/apiserver/resource.ts'
import { StatusError } from '#src/apiserver/status-error.ts'
import type { Entry } from '#src/apiserver/storage/store.ts'
import type { Random, WriteDeps } from '#src/apiserver/write/deps.ts'
import { writeHandlers } from '#src/apiserver/write/handlers.ts'
import { mergePatch } from '#src/apiserver/write/merge-patch.ts'
import type { UnknownObject } from '#src/api/object.ts'
import type { Definition } from '#src/lib/schema/definition.ts'
import { compile } from '#src/lib/schema/evaluator.ts'
import type { Answer } from '#test/support/schema/api.ts'
import { memoryStore, type MemoryStore } from './memory-store.ts'
import type { Case, Json } from './write-cases.ts'

const definition = parse(readFileSync('test/support/apiserver/gadgets.yaml', 'utf8')) as Definition

export const gadgets: Resource = {
  kind: {
    group: 'check.example.com',
    version: 'v1',
    kind: 'Gadget',
    plural: 'gadgets',
    namespaced: true,
  },
  singular: 'gadget',
  listKind: 'GadgetList',
  shortNames: [],
  categories: [],
  columns: [],
  selectableFields: [],
  schema: (definition.spec.versions[0]!.schema as { openAPIV3Schema: OpenApiSchema })
    .openAPIV3Schema,
  evaluator: compile(definition),
  retention: {},
}

/** Lets everything be as it is. */
export const anything: Admission = {
  mutate: ({ object }) => Promise.resolve(object),
  validate: () => Promise.resolve(),
}

/** Keeps no managedFields, and applies by merging. */
export const noManagers: FieldManager = {
  update: (_, next) => unmanaged(next),
  apply: (live, applied) => unmanaged(mergePatch(live ?? {}, applied) as UnknownObject),
}

function unmanaged(object: UnknownObject): UnknownObject {
  if (!object.metadata) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

export const plainDeps = (store: MemoryStore, random: Random): WriteDeps => ({
  store,
  random,
  admission: anything,
  limitOf: () => undefined,
  fieldManagers: () => noManagers,
  authorizer: { authorize: () => Promise.resolve() },
  hooks: () => undefined,
  served: () => undefined,
  clock: () => Date.now(),
  selection: ({ query }) => {
    const [key, value] = (query.get('labelSelector') ?? '').split('=')
    return key && value ? { labels: [{ key, operator: 'in', values: [value] }] } : {}
  },
})

const VERBS = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const

export const requestOf = (
  namespace: string,
  { method, name = '', subresource, query = '', type = '' }: Case,
  body: string,
  warnings: string[] = [],
): ApiRequest => ({
  verb: method === 'DELETE' && !name ? 'deletecollection' : VERBS[method],
  resource: gadgets,
  subresource: subresource ?? '',
  namespace,
  name,
  query: new URLSearchParams(query),
  user: { username: 'jane', groups: ['system:authenticated'] },
  body: Buffer.from(body),
  contentType: type.split(';')[0]!.trim().toLowerCase(),
  userAgent: 'differ/1',
  signal: new AbortController().signal,
  warn: text => void warnings.push(text),
})

/** Our handlers, asked in the way of kube-apiserver. */
export function gadgetsApi(namespace: string, random: Random, change: Partial<WriteDeps> = {}) {
  const store = memoryStore()
  const handlers = writeHandlers({ ...plainDeps(store, random), ...change })
  return {
    async send(request: Case, body: string): Promise<Answer> {
      const warnings: string[] = []
      const asked = requestOf(namespace, request, body, warnings)
      try {
        return {
          ...onTheWire(await handlers[asked.verb as keyof typeof handlers](asked)),
          warnings,
        }
      } catch (error) {
        if (!(error instanceof StatusError)) throw error
        return { status: error.code, body: plain(error.body), warnings }
      }
    },
    stored: (name: string) => {
      const entry = store.entries.get(`${namespace}/${name}`)
      return Promise.resolve(entry && objectOf(entry))
    },
  }
}

function onTheWire(answer: HandlerAnswer): { status: number; body: Json } {
  if (answer.type === 'list')
    return {
      status: 200,
      body: {
        apiVersion: 'check.example.com/v1',
        kind: 'GadgetList',
        metadata: { continue: '', ...answer.metadata },
        items: answer.entries.map(objectOf),
      },
    }
  if (answer.type === 'entry') return { status: answer.code, body: objectOf(answer.entry) }
  return {
    status: answer.code,
    body: plain(answer.type === 'object' ? answer.object : answer.status),
  }
}

const objectOf = ({ json }: Entry): Json => JSON.parse(json) as Json

const plain = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json
