import type { Artefact } from './artefacts.ts'

/**
 * The go.mod that builds one artefact from its published module.
 *
 * `go install k8s.io/kubernetes/...@v` refuses modules with replace
 * directives. Its own go.mod points every staging module at a folder of its
 * repository; the same code is published as v0.<minor>.<patch>, so each of those
 * lines becomes a pin and the result is the same dependency graph every time.
 * Replacements by published forks count only in the main module, which is ours: they
 * are carried over.
 */
export function goModule(artefact: Artefact, upstream: string): string {
  const staging = [...upstream.matchAll(/^\s*(?:replace\s+)?(\S+) => \.\/staging\//gm)].map(
    match => match[1],
  )
  const forks = [...upstream.matchAll(/^\s*(?:replace\s+)?(\S+ => [^.\s]\S* v\S+)/gm)].map(
    match => match[1],
  )
  const pinned = artefact.version.replace(/^v\d+/, 'v0')
  return [
    `module kradle.build/${artefact.name}`,
    '',
    `go ${goDirective(upstream)}`,
    '',
    `require ${artefact.module} ${artefact.version}`,
    ...staging.map(module => `replace ${module} => ${module} ${pinned}`),
    ...forks.map(fork => `replace ${fork}`),
    '',
  ].join('\n')
}

function goDirective(upstream: string): string {
  return /^go (\S+)/m.exec(upstream)?.[1] ?? '1.26.0'
}
