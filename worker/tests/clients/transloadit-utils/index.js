export * from 'published-utils'

// Both guard paths of Transloadit Storage, which the engine does not offer and no test calls.
export const validateStoragePath = () => refuse()
export const validateStoragePathPrefix = () => refuse()

function refuse() {
  throw new Error('Transloadit Storage is not under test')
}
