import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '#hack/local/api.ts'
import { put, remove } from './configuration.ts'
import type { Sample } from './sample.ts'
import { none } from './setups/native.ts'
import type { Setup, Shape } from './setups/setup.ts'
import { callsBetween, webhookCalls } from './webhook-calls.ts'
import type { Writer } from './writer.ts'

/** The API server and Kyverno take up a change when they get to it; Kyverno's own configuration comes last. */
const patienceMs = 60_000

export type With = {
  readonly api: Api
  readonly writer: Writer
  readonly sample: Sample
  readonly slug: string
}

/** Takes one setup out of force and brings another in, and returns once every verdict says so. */
export async function switchSetup(from: Setup, to: Setup, using: With): Promise<void> {
  // By way of nothing, or what is still in force of the old could pass for the new.
  await takeOut(from, using)
  await bringIn(to, using)
}

/** Returns once nobody judges any more. */
export async function takeOut(setup: Setup, using: With): Promise<void> {
  await remove(using.api, setup.configuration)
  await untilInForce(none(using.sample.plain), 1, using)
}

/** Call it while nothing is in force. */
export async function bringIn(setup: Setup, using: With): Promise<void> {
  await put(using.api, setup.configuration)
  await untilInForce(setup, 2, using)
}

async function untilInForce(setup: Setup, times: number, using: With): Promise<void> {
  const deadline = Date.now() + patienceMs
  let agreed = 0
  while (agreed < times) {
    const wrong = await disagreement(setup, using)
    agreed = wrong === undefined ? agreed + 1 : 0
    if (wrong !== undefined && Date.now() > deadline)
      throw new Error(`"${setup.title}" is not in force after ${patienceMs / 1000} s: ${wrong}`)
    await sleep(100)
  }
}

/** What speaks against the setup being in force, and nothing else with it. */
async function disagreement(setup: Setup, using: With): Promise<string | undefined> {
  const { writer, sample, slug } = using
  for (const { title, write, isRight } of sample.probes(setup)) {
    const { status, body } = await writer.create(write(slug, probeName))
    if (!isRight({ status, body }, slug)) return `${title} got ${status} ${body}`
  }
  for (const shape of setup.shapes) {
    const wrong = await miscounted(setup, shape, using)
    if (wrong) return wrong
  }
  return undefined
}

const probeName = 'bench-probe'

async function miscounted(
  setup: Setup,
  shape: Shape,
  { api, writer, sample, slug }: With,
): Promise<string | undefined> {
  const what = `a ${sample.noun} (${shape})`
  const before = webhookCalls((await api('GET', '/metrics')).body)
  const { status, body } = await writer.create(sample.write(shape, slug, probeName))
  if (status !== 201) return `${what} got ${status} ${body}`
  const after = webhookCalls((await api('GET', '/metrics')).body)
  const calls = [...callsBetween(before, after)].filter(([called]) => !housekeeping.test(called))
  const total = calls.reduce((sum, [, count]) => sum + count, 0)
  const strangers = calls.filter(([called]) => !setup.webhooks?.test(called))
  if (total === setup.reviews[shape] && strangers.length === 0) return undefined
  return `${what} was reviewed by ${calls.map(([called, n]) => `${called} (${n})`).join(', ') || 'nobody'}`
}

/** Kyverno watches its own configuration through webhooks that have nothing to do with what is created. */
const housekeeping = /^(monitor-webhooks|validate-policy|mutate-policy)\.kyverno\.svc$/
