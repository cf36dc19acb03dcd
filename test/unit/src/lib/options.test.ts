import t from 'tap'
import { everyInterface } from '#src/lib/every-interface.ts'
import { parseAddress, parseOptions } from '#src/lib/options.ts'

t.test('has a default for everything that has one', async t => {
  t.match(parseOptions([]), {
    health: { host: '127.0.0.1', port: 8080 },
    logLevel: 'info',
  })
  t.notOk('kubeconfig' in parseOptions([]))
})

t.test('reads the flags, and those of the command', async t => {
  const { flags, ...options } = parseOptions(
    ['--kubeconfig', '/k', '--health=:9090', '--log-level', 'debug', '--port', '8443'],
    { port: { type: 'string', default: '443' }, verbose: { type: 'boolean' } },
  )
  t.strictSame(options, {
    kubeconfig: '/k',
    health: { host: everyInterface(), port: 9090 },
    logLevel: 'debug',
  })
  t.equal(flags.port, '8443')
  t.equal(flags.verbose, undefined)
})

t.test('refuses what it does not know, and says what is wrong', async t => {
  for (const [args, message] of [
    [['--unknown'], /--unknown/],
    [['argument'], /argument/],
    [['--log-level', 'loud'], /--log-level loud: must be one of debug, info, warn, error/],
    [['--health', '8080'], /--health 8080: must be host:port/],
    [['--health', 'x:65536'], /must be host:port/],
  ] as const)
    t.throws(() => parseOptions(args), { code: 'InvalidFlag', message })
})

t.test('reads IPv6 addresses', async t => {
  t.strictSame(parseAddress('--health', '[::1]:80'), { host: '::1', port: 80 })
})
