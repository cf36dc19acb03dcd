/** Field 22 of /proc/<pid>/stat, counted after the command, which may hold spaces and brackets. Zombies are gone to us. */
export function startTicks(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}
