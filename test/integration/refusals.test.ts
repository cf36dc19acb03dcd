import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { parseAllDocuments, stringify } from 'yaml'
import { readDefinitions } from '#hack/gen/definitions.ts'
import { ANSWERS, readAnswers, readRefusals, type Refusal, type Step } from '#hack/gen/refusals.ts'
import { ruleBook } from '#hack/gen/rule-book.ts'
import { homesOf, refuses } from '#hack/gen/rules.ts'
import { ServiceAccount } from '#src/api/core/v1.ts'
import { everyKind } from '#src/api/kinds.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { ClusterRole, RoleBinding } from '#src/api/rbac/v1.ts'
import { mutations, rules } from '#webhooks/index.ts'
import { registry } from '#webhooks/registry.ts'
import { second } from '#webhooks/time.ts'
import { persona, role } from '#test/support/people.ts'
import { createOrganization, running, until, withActivity } from '#test/support/running.ts'

// Every file of docs/refused is sent to the real thing, and the answer has to be the one that is recorded beside it, which
// is the one that docs/reference/rules.md shows. UPDATE_ANSWERS=1 records instead of comparing.

const updating = process.env['UPDATE_ANSWERS'] === '1'
const namespace = 'kradle-org-acme'
/** How long the webhook may take to see what was written a moment ago, in seconds. */
const PATIENCE = 15
const IN_FLIGHT = 8
const inAWeek = second(new Date(Date.now() + 7 * 24 * 60 * 60 * 1000))

const refusals = readRefusals()
const recorded = readAnswers()

const { client, controlPlane } = await running(t, { processes: withActivity })
await Promise.all([createOrganization(client, 'acme'), createOrganization(client, 'globex')])
const { server, adminCertificate } = controlPlane
const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT, ...adminCertificate })
t.teardown(() => agent.destroy())

const dispatcher = 'system:serviceaccount:kradle-system:dispatch-controller'
await client.create(
  ClusterRole,
  role('starts-runs', {
    apiGroups: ['', 'batch', 'activity.kradle.a5c.ai'],
    resources: ['pods', 'jobs', 'agentapprovals'],
    verbs: ['create'],
  }),
)
await client.create(RoleBinding, persona(dispatcher, 'starts-runs', namespace))
await client.create(RoleBinding, persona('acme-member', 'kradle-member', namespace))
await client.create(RoleBinding, persona('jane@example.com', 'kradle-admin', namespace))

const plain = (object: KubernetesObject): Step => ({
  object,
  text: '',
  as: undefined,
  verb: 'apply',
  subresource: '',
})
const examples = globSync('docs/{examples,activity-examples}/*.yaml').flatMap(file =>
  parseAllDocuments(readFileSync(file, 'utf8')).map(each => each.toJS() as KubernetesObject),
)
await settled(examples.map(plain))
await settled(refusals.flatMap(({ before }) => before))
await until('the account of the examples is there', () =>
  client.get(ServiceAccount, 'repairer', namespace),
)

const answers = new Map<string, string>()
const queue = [...refusals]
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    for (let next = queue.shift(); next; next = queue.shift())
      answers.set(next.file, await answerTo(next))
  }),
)

if (updating)
  writeFileSync(
    ANSWERS,
    stringify(Object.fromEntries(refusals.map(({ file }) => [file, answers.get(file)])), {
      lineWidth: 0,
    }),
  )

t.test('every rule that refuses something has an example, and every example a rule', async t => {
  const policies = globSync('charts/kradle/admission/*.yaml').toSorted()
  const homes = homesOf(registry(rules, mutations), readDefinitions(), policies)
  const shown = new Set(refusals.map(({ rule }) => rule))
  for (const [rule, entry] of Object.entries(ruleBook))
    if (refuses(entry, homes.get(rule) ?? [])) t.ok(shown.has(rule), `${rule}: ${entry.title}`)
  for (const rule of shown) t.ok(ruleBook[rule], rule)
  if (!updating)
    t.strictSame(Object.keys(recorded).toSorted(), refusals.map(({ file }) => file).toSorted())
})

t.test('every example is refused, with the words that are recorded', async t => {
  for (const { file } of refusals) {
    const answer = answers.get(file) ?? ''
    t.not(answer, '', `${file} is refused`)
    if (!updating) t.equal(answer, recorded[file], file)
  }
})

/** Asks without storing, and again where the answer is another than expected: the webhook may not have seen yet what goes before. */
async function answerTo({ file, refused }: Refusal): Promise<string> {
  const end = Date.now() + PATIENCE * 1000
  for (;;) {
    const answer = await send(refused, true)
    const isExpected = updating ? answer !== '' : answer === recorded[file]
    if (isExpected || Date.now() > end) return answer
    await sleep(200)
  }
}

/** Applies everything, and again what may have to wait for something else. */
async function settled(steps: readonly Step[]): Promise<void> {
  const end = Date.now() + 60_000
  for (let left = steps; ;) {
    const failed: { step: Step; says: string }[] = []
    for (const step of left) {
      const says = await send(step)
      if (says !== '') failed.push({ step, says })
    }
    if (failed.length === 0) return
    // On a busy machine one round may take all of that; as long as each makes more of them, it goes on.
    if (Date.now() > end && failed.length === left.length)
      throw new Error(failed.map(({ says }) => says).join('\n'))
    left = failed.map(({ step }) => step)
    await sleep(200)
  }
}

/** Creates what is not there and applies what is, as kubectl does; the refusal, or ''. */
async function send(step: Step, dryRun = false): Promise<string> {
  const { as, verb, subresource } = step
  const object = dated(step.object)
  const { name } = object.metadata
  const all = collectionOf(object)
  const one = `${all}/${encodeURIComponent(name)}${subresource && `/${subresource}`}`
  const query = dryRun ? '&dryRun=All' : ''
  if (verb === 'delete') return asked('DELETE', `${one}?${query}`, undefined, as)
  const isThere = name !== undefined && (await asked('GET', one)) === ''
  return isThere
    ? asked('PATCH', `${one}?fieldManager=refusals&force=true${query}`, object, as)
    : asked('POST', `${all}?fieldValidation=Strict${query}`, object, as)
}

/** No file can say when a week from now is, and no exception holds for longer than its profile allows. */
function dated(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'PolicyExceptionRequest') return object
  const text = JSON.stringify(object).replace('2030-01-31T00:00:00Z', inAWeek)
  return JSON.parse(text) as KubernetesObject
}

function collectionOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const plural = everyKind.find(known => known.kind === kind)?.plural ?? `${kind.toLowerCase()}s`
  return [
    apiVersion.includes('/') ? '/apis' : '/api',
    apiVersion,
    ...(metadata.namespace === undefined ? [] : ['namespaces', metadata.namespace]),
    plural,
  ].join('/')
}

function asked(method: string, path: string, body?: object, as?: string): Promise<string> {
  const headers = {
    accept: 'application/json',
    'content-type': method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json',
    ...(as !== undefined && { 'impersonate-user': as }),
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, server), { method, agent, headers }, incoming => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (part: string) => (text += part))
      incoming.on('error', reject)
      incoming.on('end', () =>
        resolve((incoming.statusCode ?? 0) < 300 ? '' : messageIn(text.trim())),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body && JSON.stringify(body))
  })
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message: string }).message
  } catch {
    return text
  }
}
