#!/usr/bin/env node
import process from 'node:process'
import { check, usage as checkUsage } from './check.ts'
import { report, usage as reportUsage } from './report.ts'

const print = (text: string): void => void process.stdout.write(text)
const [command, ...args] = process.argv.slice(2)

try {
  if (command === 'check') process.exitCode = await check(args, print)
  else if (command === 'report') process.exitCode = await report(args, { print, env: process.env })
  else if (command === undefined || command === '--help' || command === '-h')
    print(`${checkUsage}\n${reportUsage}`)
  else throw new Error(`"${command}" is no command; there are: check, report`)
} catch (error) {
  process.stderr.write(`kradle: ${(error as Error).message}\n`)
  process.exitCode = 2
}
