// Stands in for the `docker` program: records every call in FAKE_DOCKER/calls and plays the
// scenario in FAKE_DOCKER/scenario.json, in the output forms of the real one.
const { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const world = process.env.FAKE_DOCKER
const argv = process.argv.slice(2)
const scenario = JSON.parse(readFileSync(join(world, 'scenario.json'), 'utf8'))
appendFileSync(
  join(world, 'calls'),
  `${JSON.stringify({ argv, environment: { GREETING: process.env.GREETING } })}\n`,
)
const file = (id, kind) => join(world, `${id}.${kind}`)
const exitFile = (id) => file(id, 'exit')
const say = (text) => process.stdout.write(`${text}\n`)
const fail = (text, code = 1) => {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}
const whenEnded = (id, then) => {
  if (existsSync(exitFile(id))) then(readFileSync(exitFile(id), 'utf8'))
  else setTimeout(() => whenEnded(id, then), 10)
}
const after = (flag) => argv[argv.indexOf(flag) + 1]
const last = argv.at(-1)

const commands = {
  pull() {
    const failure = scenario.pull?.[last]
    if (failure === undefined) say(last)
    else fail(failure)
  },
  run() {
    const image = after('--')
    if (scenario.run?.[image] !== undefined) fail(scenario.run[image], 127)
    const id = (readdirSync(world).filter((name) => name.endsWith('.name')).length + 1)
      .toString(16)
      .padStart(64, '0')
    writeFileSync(file(id, 'name'), argv.find((one) => one.startsWith('--name=')).slice(7))
    const { exit } = scenario.containers?.[image] ?? {}
    writeFileSync(file(id, 'image'), image)
    if (exit !== undefined) writeFileSync(exitFile(id), String(exit))
    say(id)
  },
  inspect() {
    const { outOfMemory = false } =
      scenario.containers?.[readFileSync(file(last, 'image'), 'utf8')] ?? {}
    say(
      JSON.stringify({
        Id: last,
        State: { Status: 'running', OOMKilled: outOfMemory, StartedAt: '2026-01-01T00:00:00.5Z' },
        NetworkSettings: { IPAddress: '', Networks: { tasks: { IPAddress: '172.20.0.7' } } },
      }),
    )
  },
  logs() {
    const { log = [], errors = [] } =
      scenario.containers?.[readFileSync(file(last, 'image'), 'utf8')] ?? {}
    for (const line of log) say(line)
    for (const line of errors) process.stderr.write(`${line}\n`)
    whenEnded(last, () => undefined)
  },
  events() {
    const id = argv.find((one) => one.startsWith('--filter=container=')).slice(19)
    const { health = [] } = scenario.containers?.[readFileSync(file(id, 'image'), 'utf8')] ?? {}
    say('start')
    say('exec_create: /bin/sh -c true')
    for (const status of health) say(`health_status: ${status}`)
    setInterval(() => undefined, 1000)
  },
  wait() {
    whenEnded(last, (code) => say(code))
  },
  stop() {
    writeFileSync(exitFile(last), '143')
    say(last)
  },
  rm() {
    for (const entry of readdirSync(world).filter((name) => name.endsWith('.name'))) {
      const id = entry.slice(0, -5)
      const named = argv.includes(readFileSync(file(id, 'name'), 'utf8'))
      if (named && !existsSync(exitFile(id))) writeFileSync(exitFile(id), '137')
    }
  },
}
const command = commands[argv[0]]
if (command === undefined) fail(`unknown docker command: ${argv[0]}`, 125)
else command()
