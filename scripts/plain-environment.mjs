import { createRequire } from 'node:module'
import vm from 'node:vm'

const require = createRequire(import.meta.url)
const fromJest = createRequire(require.resolve('jest/package.json'))
const { TestEnvironment } = fromJest('jest-environment-node')

/**
 * Jest's environment of Node, in a context whose globals are plain properties. Jest's own makes each
 * look at a global a call of a proxy, which takes a third of the time of suites that compute.
 */
export default class PlainEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY)
    try {
      super(config, context)
    } finally {
      vm.createContext = createContext
    }
  }
}
