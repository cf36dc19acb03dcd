#!/usr/bin/env node
import process from 'node:process'
import { check, usage } from './check.ts'

const print = (text: string): void => void process.stdout.write(text)
const [command, ...args] = process.argv.slice(2)

try {
  if (command === 'check') process.exitCode = await check(args, print)
  else if (command === undefined || command === '--help' || command === '-h') print(usage)
  else throw new Error(`"${command}" is no command; there is: check`)
} catch (error) {
  process.stderr.write(`kradle: ${(error as Error).message}\n`)
  process.exitCode = 2
}
