import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '#hack/local/api.ts'
import { put, remove } from './configuration.ts'
import { none } from './setups/native.ts'
import type { Setup, Shape } from './setups/setup.ts'
import { complete, foreign, isFilledIn, lacking, type Write } from './teams.ts'
import { callsBetween, webhookCalls } from './webhook-calls.ts'
import type { Writer } from './writer.ts'

/** The API server and Kyverno take up a change when they get to it; Kyverno's own configuration comes last. */
const patienceMs = 60_000

/** Takes one setup out of force and brings another in, and returns once every verdict says so. */
export async function switchSetup(
  from: Setup,
  to: Setup,
  { api, writer, slug }: { api: Api; writer: Writer; slug: string },
): Promise<void> {
  await remove(api, from.configuration)
  // By way of nothing, or what is still in force of the old could pass for the new.
  await untilInForce(none, 1)
  await put(api, to.configuration)
  await untilInForce(to, 2)

  async function untilInForce(setup: Setup, times: number): Promise<void> {
    const deadline = Date.now() + patienceMs
    let agreed = 0
    while (agreed < times) {
      const wrong = await disagreement(setup, { api, writer, slug })
      agreed = wrong === undefined ? agreed + 1 : 0
      if (wrong !== undefined && Date.now() > deadline)
        throw new Error(`"${setup.title}" is not in force after ${patienceMs / 1000} s: ${wrong}`)
      await sleep(100)
    }
  }
}

/** What speaks against the setup being in force, and nothing else with it. */
async function disagreement(
  setup: Setup,
  { api, writer, slug }: { api: Api; writer: Writer; slug: string },
): Promise<string | undefined> {
  const name = 'bench-probe'
  const refused = await writer.create(foreign(slug, name))
  if (setup.refusal ? !setup.refusal.test(refused.body) : refused.status !== 201)
    return `a foreign Team got ${refused.status} ${refused.body}`

  const fills = setup.shapes.includes('defaults')
  const filled = await writer.create(lacking(slug, name))
  // Nobody fills it in: the schema refuses it, and a mutation left over from another setup shows.
  if (fills ? filled.status !== 201 || !isFilledIn(filled.body, slug) : filled.status !== 422)
    return `a Team without organisation got ${filled.status} ${filled.body}`

  for (const shape of setup.shapes) {
    const write = { complete, defaults: lacking }[shape](slug, name)
    const wrong = await miscounted(setup, shape, write, { api, writer })
    if (wrong) return wrong
  }
  return undefined
}

async function miscounted(
  setup: Setup,
  shape: Shape,
  write: Write,
  { api, writer }: { api: Api; writer: Writer },
): Promise<string | undefined> {
  const before = webhookCalls((await api('GET', '/metrics')).body)
  const { status, body } = await writer.create(write)
  if (status !== 201) return `a ${shape} Team got ${status} ${body}`
  const after = webhookCalls((await api('GET', '/metrics')).body)
  const calls = [...callsBetween(before, after)].filter(([called]) => !housekeeping.test(called))
  const total = calls.reduce((sum, [, count]) => sum + count, 0)
  const strangers = calls.filter(([called]) => !setup.webhooks?.test(called))
  if (total === setup.reviews[shape] && strangers.length === 0) return undefined
  return `a ${shape} Team was reviewed by ${calls.map(([called, n]) => `${called} (${n})`).join(', ') || 'nobody'}`
}

/** Kyverno watches its own configuration through webhooks that have nothing to do with Teams. */
const housekeeping = /^(monitor-webhooks|validate-policy|mutate-policy)\.kyverno\.svc$/
