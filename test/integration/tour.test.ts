import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { keepPeople } from '#hack/local/people.ts'
import { running } from '#test/support/running.ts'

// docs/tour.md, walked: every command is run as it stands there, by whom it says, and prints what it says.

const repository = resolve(import.meta.dirname, '../..')
const { controlPlane } = await running(t)
const people = await keepPeople(controlPlane, line => t.comment(line))
t.teardown(() => people.stop())

interface Step {
  readonly command: string
  readonly output: string
}

/** The commands of all console blocks with what follows them; a quote that is open goes on in the next line. */
function stepsOf(text: string): Step[] {
  const steps: { command: string; output: string[] }[] = []
  for (const [, block = ''] of text.matchAll(/```console\n(.*?)```/gs))
    for (const line of block.trimEnd().split('\n')) {
      const last = steps.at(-1)
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: [] })
      else if (last && last.output.length === 0 && last.command.split("'").length % 2 === 0)
        last.command += line
      else last?.output.push(line)
    }
  return steps.map(({ command, output }) => ({ command, output: output.join('\n') }))
}

/** One line, without ages, which are different every time. */
const plain = (text: string): string =>
  text
    .replaceAll(/\b\d+[ms](\d+s)?\b/g, 'AGE')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** Whether the output has all parts of what the tour prints, in order; `...` stands for anything. */
function says(output: string, printed: string): boolean {
  let rest = plain(output)
  return printed.split('...').every(part => {
    const at = rest.indexOf(plain(part))
    rest = at < 0 ? rest : rest.slice(at + plain(part).length)
    return at >= 0
  })
}

async function run(command: string): Promise<string> {
  const env = {
    ...process.env,
    KUBECONFIG: controlPlane.adminKubeconfig,
    PATH: `${dirname(controlPlane.kubectl)}:${process.env['PATH']}`,
  }
  const said = await promisify(execFile)('bash', ['-c', `exec 2>&1; ${command}`], {
    cwd: repository,
    env,
  }).catch((error: { stdout: string }) => error)
  return said.stdout
}

/** What a look shows may take a moment to come about; a change is asked for once. */
const isLook = (command: string) => /kubectl .*\b(get|describe|can-i)\b/.test(command)

for (const { command, output } of stepsOf(
  readFileSync(resolve(repository, 'docs/tour.md'), 'utf8'),
)) {
  if (command.startsWith('export ')) continue
  t.test(command.slice(0, 120), async t => {
    let said = await run(command)
    // A person takes a moment between two commands, too.
    for (let tries = 0; tries < 60 && !says(said, output); tries++) {
      if (!isLook(command) && !/\bnot found\b|does not exist|gives this key/.test(said)) break
      await sleep(500)
      said = await run(command)
    }
    t.ok(says(said, output), command, { said, printed: output })
  })
}
