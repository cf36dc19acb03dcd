import { setTimeout as sleep } from 'node:timers/promises'
import { activity, kradle } from '../runner/objects.ts'
import { step, type Scenario } from '../scenario.ts'

const pull = (name: string) =>
  activity('PullRequest', name, {
    repository: 'app',
    title: 'Retry a failed upload',
    source: { ref: `fix/${name}` },
    target: { ref: 'develop' },
  })

const SECONDS = 40

const events = [/^ADDED +first /m, /^ADDED +second /m, /^MODIFIED +second /m, /^DELETED +second /m]

const list = (org: string) => ['get', 'pullrequests', '-l', `kradle.a5c.ai/org=${org}`]

export const watch: Scenario = {
  name: 'activity/watch',
  title: 'A watch shows what is created, by the labels that it was given',
  rows: [2],
  rules: ['R24'],
  needs: ['activity'],
  steps: [
    step('a pull request has the label of its repository', async on => {
      const repository = kradle('Repository', 'app', { visibility: 'internal' })
      await on.does(['apply', '-f', '-'], { input: repository })
      await on.comes(['create', '-f', '-'], { input: pull('first') })
      await on.does([...list(on.org), '-o', 'name'], {
        says: 'pullrequest.activity.kradle.a5c.ai/first',
      })
    }),
    step('kubectl get -w follows', async on => {
      let seen = ''
      const watching = on.call([...list(on.org), '-w', '--output-watch-events'], {
        seconds: SECONDS,
        hears: text => events.every(event => event.test((seen = text))),
      })
      const end = Date.now() + SECONDS * 1000
      while (!seen.includes('first') && Date.now() < end) await sleep(100)
      await on.does(['create', '-f', '-'], { input: pull('second') })
      await on.does(['label', 'pullrequest', 'second', 'seen=yes'])
      await on.does(['delete', 'pullrequest', 'second'])
      const { stdout } = await watching
      const missing = events.filter(event => !event.test(stdout))
      if (missing.length > 0)
        throw new Error(`within ${SECONDS} s ${missing.join(' and ')} is not in:\n${stdout}`)
    }),
  ],
}
