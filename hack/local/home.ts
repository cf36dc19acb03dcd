import { join } from 'node:path'

/** Where one instance keeps its things. Everything `reset` deletes is listed here, and nothing else is touched. */
export type Home = Readonly<Record<(typeof entries)[number], string>> & { readonly root: string }

const entries = [
  'etcd',
  'initialised',
  'kradle',
  'kubeconfig',
  'logs',
  'pki',
  'ports',
  'postgres',
  'run',
] as const

const fileNames: Partial<Record<(typeof entries)[number], string>> = { ports: 'ports.json' }

export function homeAt(root: string): Home {
  const paths = Object.fromEntries(
    entries.map(entry => [entry, join(root, fileNames[entry] ?? entry)]),
  )
  return Object.freeze({ root, ...paths }) as Home
}

/** Newest first to go, so that an interrupted reset never leaves a marker without its data. */
export function contents(home: Home): string[] {
  return ['initialised' as const, ...entries.filter(entry => entry !== 'initialised')].map(
    entry => home[entry],
  )
}

export function logFile(home: Home, name: string): string {
  return join(home.logs, `${name}.log`)
}

export function pidFile(home: Home, name: string): string {
  return join(home.run, `${name}.json`)
}
