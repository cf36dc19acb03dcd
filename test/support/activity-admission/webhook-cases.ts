import type { Write } from './policy-cases.ts'

type Json = Record<string, unknown>

/** What a webhook answers: a part of `response`, or all of HTTP. */
export interface Said {
  readonly response?: Json | null
  readonly patch?: readonly Json[] | string
  readonly body?: string
  readonly code?: number
  readonly contentType?: string
  readonly afterMs?: number
  readonly hangsUp?: true
  readonly review?: Json
}

export interface HookCase {
  readonly type: 'mutating' | 'validating'
  /** One webhook each, in order. Besides what they are told to say they are configured so. */
  readonly hooks: readonly { readonly says: (object: Json) => Said; readonly config?: Json }[]
  readonly operations?: readonly string[]
  readonly resources?: readonly string[]
  readonly writes: readonly Write[]
}

const few: Write = { spec: { replicas: 1 } }
const yes = (more: Json = {}): Said => ({ response: { allowed: true, ...more } })
const no = (status?: Json): Said => ({ response: { allowed: false, ...(status && { status }) } })
const patch = (...operations: Json[]): Said => ({ response: { allowed: true }, patch: operations })
const set = (path: string, value: unknown): Json => ({ op: 'add', path, value })

const one = (type: HookCase['type'], said: Said, config: Json = {}): HookCase => ({
  type,
  hooks: [{ says: () => said, config }],
  writes: [few],
})

/** The same trouble, where it counts and where it does not. */
const both = (name: string, said: Said, config: Json = {}): [string, HookCase][] => [
  [`m-${name}`, one('mutating', said, config)],
  [`m-${name}-ignored`, one('mutating', said, { ...config, failurePolicy: 'Ignore' })],
  [`v-${name}`, one('validating', said, config)],
  [`v-${name}-ignored`, one('validating', said, { ...config, failurePolicy: 'Ignore' })],
]

const counted = ({ metadata }: Json): number =>
  Number((metadata as { annotations?: Record<string, string> }).annotations?.['count'] ?? 0)
const count: (object: Json) => Said = object =>
  patch(set('/metadata/annotations', { count: String(counted(object) + 1) }))

/** Webhooks by name, each asked about nothing but writes with the label `case: <name>`. */
export const webhookCases = (
  closed: { url: string },
  stranger: { url: string; caBundle: string },
) =>
  ({
    ...Object.fromEntries([
      ...both('allows', yes()),
      ...both('warns', yes({ warnings: ['mind the gap', 'and the step'] })),
      ...both('denies', no({ code: 403, message: 'not like this', reason: 'Forbidden' })),
      ...both('denies-with-reason', no({ code: 409, reason: 'Conflict' })),
      ...both('denies-with-success', no({ code: 200, message: 'odd', status: 'Success' })),
      ...both('denies-and-warns', {
        response: { allowed: false, warnings: ['soon'], status: { code: 418, message: 'tea' } },
      }),
      ...both(
        'denies-with-details',
        no({
          code: 422,
          message: 'bad',
          reason: 'Invalid',
          details: { name: 'n', kind: 'k', causes: [{ reason: 'X', message: 'm', field: 'f' }] },
        }),
      ),
      ...both('says-nothing', no()),
      ...both('is-slow', { ...yes(), afterMs: 1500 }, { timeoutSeconds: 1 }),
      ...both('fails', { code: 500, body: 'boom', contentType: 'text/plain' }),
      ...both('fails-in-json', { code: 503, body: '{"x":1}', contentType: 'application/json' }),
      ...both('fails-as-status', {
        code: 429,
        body: '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"later","code":429}',
        contentType: 'application/json',
      }),
      ...both('is-lost', { code: 404, body: 'nothing here', contentType: 'text/plain' }),
      ...both('forbids', { code: 403, body: 'go away', contentType: 'text/plain' }),
      ...both('hangs-up', { hangsUp: true }),
      ...both('is-no-json', { body: 'what?' }),
      ...both('is-empty', { body: '' }),
      ...both('has-no-response', { response: null }),
      ...both('has-wrong-uid', yes({ uid: 'other' })),
      ...both('has-no-uid', yes({ uid: '' })),
      ...both('has-wrong-kind', { ...yes(), review: { kind: 'Review' } }),
      ...both('has-wrong-version', {
        ...yes(),
        review: { apiVersion: 'admission.k8s.io/v1beta1' },
      }),
      ...both('has-no-type', { ...yes(), review: { apiVersion: undefined, kind: undefined } }),
      ...both('has-patch-without-type', yes({ patch: 'W10=' })),
      ...both('has-type-without-patch', yes({ patchType: 'JSONPatch' })),
      ...both('has-wrong-patch-type', yes({ patch: 'W3t9XQ==', patchType: 'Merge' })),
      ...both('has-wrong-type', { response: { allowed: 'yes' } }),
      ...both('is-closed', yes(), { clientConfig: closed }),
      ...both('is-a-stranger', yes(), { clientConfig: stranger }),
      ...both('condition-fails', yes(), {
        matchConditions: [{ name: 'fails', expression: 'object.spec.nope == 1' }],
      }),
      ...both('condition-is-false', no(), {
        matchConditions: [{ name: 'no', expression: 'object.spec.replicas > 5' }],
      }),
      ...both('condition-asks', no({ message: 'asked' }), {
        matchConditions: [
          {
            name: 'yes',
            expression: "authorizer.group('').resource('pods').check('list').allowed()",
          },
        ],
      }),
      ...both('is-elsewhere', no(), { namespaceSelector: { matchLabels: { team: 'blue' } } }),
      ...both('patches', patch(set('/spec/size', 3))),
    ]),
    'patches-more': {
      type: 'mutating',
      hooks: [
        { says: () => patch(set('/metadata/labels/added', 'yes'), set('/spec/size', 3)) },
        { says: object => patch(set('/spec/seen', (object['spec'] as Json)['size'])) },
      ],
      writes: [few, { ...few, dryRun: true }, { operation: 'UPDATE', oldSpec: {}, spec: {} }],
    },
    'comes-again': {
      type: 'mutating',
      hooks: [
        { says: count, config: { reinvocationPolicy: 'IfNeeded' } },
        { says: count },
        { says: count, config: { reinvocationPolicy: 'IfNeeded' } },
        { says: () => yes(), config: { reinvocationPolicy: 'IfNeeded' } },
      ],
      writes: [few],
    },
    'need-not-come-again': {
      type: 'mutating',
      hooks: [
        { says: () => yes(), config: { reinvocationPolicy: 'IfNeeded' } },
        { says: count, config: { reinvocationPolicy: 'IfNeeded' } },
      ],
      writes: [few],
    },
    'patch-does-not-apply': one(
      'mutating',
      patch({ op: 'test', path: '/spec/replicas', value: 7 }),
      { failurePolicy: 'Ignore' },
    ),
    'patch-is-no-list': one('mutating', { response: { allowed: true }, patch: '{"op":"add"}' }),
    'patch-is-no-json': one('mutating', { response: { allowed: true }, patch: 'nonsense' }),
    'patch-is-empty': one('mutating', { response: { allowed: true }, patch: '[]' }),
    'patch-changes-nothing': one('mutating', patch(set('/spec/replicas', 1))),
    'sees-deletions': {
      type: 'validating',
      operations: ['DELETE'],
      hooks: [{ says: () => no({ message: 'stays', code: 403 }) }],
      writes: [few, { operation: 'DELETE', spec: {} }],
    },
    'patches-deletions': {
      type: 'mutating',
      operations: ['DELETE'],
      hooks: [{ says: () => patch(set('/spec/size', 3)) }],
      writes: [{ operation: 'DELETE', spec: {} }],
    },
    'sees-status': {
      type: 'validating',
      operations: ['*'],
      resources: ['*/status'],
      hooks: [{ says: () => no({ message: 'status' }) }],
      writes: [few, { operation: 'UPDATE', subresource: 'status', status: { phase: 'x' } }],
    },
    'sees-all': {
      type: 'validating',
      operations: ['*'],
      resources: ['*/*'],
      hooks: [
        {
          says: ({ spec, metadata }) =>
            no({ message: JSON.stringify({ spec, name: (metadata as Json)['name'] }) }),
        },
      ],
      writes: [few, { operation: 'UPDATE', oldSpec: { replicas: 1 }, spec: { replicas: 2 } }],
    },
  }) as Readonly<Record<string, HookCase>>
