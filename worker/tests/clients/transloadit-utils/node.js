export * from 'published-utils/node'
