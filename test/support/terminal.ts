import type { Persona } from '#hack/local/personas.ts'
import type { Running } from './running.ts'

/** Somebody of acme at a terminal: runs kubectl, and gives back what it says against it, or ''. */
export type Terminal = (args: readonly string[], input?: object) => Promise<string>

/** By the context that a local cluster gives to a persona (hack/local/people.ts). */
export const terminalOf =
  (kubectl: Running['kubectl'], persona: Persona): Terminal =>
  async (args, input) => {
    const { code, stderr } = await kubectl(['--context', `acme-${persona}`, ...args], input)
    return code === 0 ? '' : stderr || `exit code ${code}`
  }

export const createAs = (who: Terminal, object: object, ...flags: readonly string[]) =>
  who(['create', '-f', '-', ...flags], object)

export const changeAs = (who: Terminal, kind: string, name: string, spec: object) =>
  who(['patch', kind, name, '--type=merge', '-p', JSON.stringify({ spec })])

/** Throws what was said against it. */
export async function must(done: Promise<string>): Promise<void> {
  const refused = await done
  if (refused !== '') throw new Error(refused)
}
