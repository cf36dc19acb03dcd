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

const SECONDS = 6

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
      await on.does(['get', 'pullrequests', '-l', `kradle.a5c.ai/org=${on.org}`, '-o', 'name'], {
        says: 'pullrequest.activity.kradle.a5c.ai/first',
      })
    }),
    step('kubectl get -w follows', async on => {
      const selector = ['-l', `kradle.a5c.ai/org=${on.org}`]
      const watching = on.call(
        ['get', 'pullrequests', ...selector, '-w', '--output-watch-events'],
        { seconds: SECONDS },
      )
      await sleep(2_000)
      await on.does(['create', '-f', '-'], { input: pull('second') })
      await on.does(['label', 'pullrequest', 'second', 'seen=yes'])
      await on.does(['delete', 'pullrequest', 'second'])
      const { stdout } = await watching
      for (const event of [
        /^ADDED +first /m,
        /^ADDED +second /m,
        /^MODIFIED +second /m,
        /^DELETED +second /m,
      ])
        if (!event.test(stdout)) throw new Error(`${event} is not in:\n${stdout}`)
    }),
  ],
}
