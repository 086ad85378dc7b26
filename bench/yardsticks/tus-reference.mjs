// The reference receiver: the official Node tus server with its file store. PORT=1080 TUS_DIR=… node tus-reference.mjs
import fs from 'node:fs'
import http from 'node:http'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'

fs.mkdirSync(process.env.TUS_DIR, { recursive: true })
const server = new Server({ path: '/files', datastore: new FileStore({ directory: process.env.TUS_DIR }) })
http.createServer(server.handle.bind(server)).listen(Number(process.env.PORT), '127.0.0.1')
