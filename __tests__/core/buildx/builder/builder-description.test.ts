import { describe, expect, it } from '@jest/globals'
import { parseBuilder } from '../../../../src/core/buildx/builder/builder-description.ts'

/** As buildx 0.13.1 prints a builder of two remote nodes. */
const inspected = `Name:          private
Driver:        remote
Last Activity: 2026-11-22 10:00:00 +0000 UTC

Nodes:
Name:           private0
Endpoint:       tcp://127.0.0.1:1234
Status:         running
BuildKit version: v0.12.5
Platforms:      linux/amd64*, linux/amd64/v2, linux/386
Labels:
 org.mobyproject.buildkit.worker.executor:         oci
Name:           private1
Endpoint:       tcp://127.0.0.1:1235
Status:         running
Platforms:      linux/arm64*, linux/arm64/v8, windows/amd64
GC Policy rule#0:
 All:           false
 Name:          no field of ours
`

describe('parseBuilder', () => {
  it('tells the nodes and joins their platforms', () => {
    const first = ['linux/amd64', 'linux/amd64/v2', 'linux/386']
    const second = ['linux/arm64', 'windows/amd64']
    expect(parseBuilder(inspected)).toEqual({
      driver: 'remote',
      nodes: [
        { name: 'private0', endpoint: 'tcp://127.0.0.1:1234', platforms: first },
        { name: 'private1', endpoint: 'tcp://127.0.0.1:1235', platforms: second },
      ],
      platforms: [...first, ...second],
      errors: [],
    })
  })

  it('tells the pods of Kubernetes, none of which is at an address of a machine', () => {
    const endpoint =
      'kubernetes:///kube?deployment=kube0-6977cdcb75&kubeconfig=%2Fhome%2Frunner%2F.kube%2Fconfig'
    // As buildx 0.38.2 prints one deployment with two replicas (commands/inspect.go, builder/node.go).
    const pod = `Name:                  kube0-6977cdcb75
Endpoint:              ${endpoint}
Driver Options:        namespace="ci" replicas="2"
Status:                running
BuildKit daemon flags: --allow-insecure-entitlement=network.host
BuildKit version:      v0.32.2
Platforms:             linux/arm64*, linux/amd64
Labels:
 org.mobyproject.buildkit.worker.network:  cni
`
    const text = `Name:          kube
Driver:        kubernetes
Last Activity: 2026-11-22 10:00:00 +0000 UTC

Nodes:
${pod}
${pod}`
    const node = { name: 'kube0-6977cdcb75', endpoint, platforms: ['linux/arm64', 'linux/amd64'] }
    expect(parseBuilder(text)).toEqual({
      driver: 'kubernetes',
      nodes: [node, node],
      platforms: ['linux/arm64', 'linux/amd64'],
      errors: [],
    })
  })

  it('keeps what a node complains about', () => {
    const text =
      'Name: x\nDriver: docker-container\nNodes:\nName: x0\nError: listing workers: EOF\n'
    expect(parseBuilder(text).errors).toEqual(['listing workers: EOF'])
  })

  it('keeps what the builder itself complains about, which then has no nodes', () => {
    const text = 'Name:   x\nDriver: docker-container\nError:  no such context "gone"\n'
    expect(parseBuilder(text)).toEqual({
      driver: 'docker-container',
      nodes: [],
      platforms: [],
      errors: ['no such context "gone"'],
    })
  })
})
