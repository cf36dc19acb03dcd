import { existsSync, readFileSync } from 'node:fs'
import { writeDurably } from './durable.ts'
import { kubeconfig, type Access } from './kubeconfig.ts'

/** Puts the accesses into the file, next to what a person added to it. */
export function writeKubeconfig(path: string, ...accesses: readonly Access[]): void {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : undefined
  const after = accesses.reduce<string | undefined>(
    (text, access) => kubeconfig(access, text),
    before,
  )
  if (after !== undefined && after !== before) writeDurably(path, after, 0o600)
}
