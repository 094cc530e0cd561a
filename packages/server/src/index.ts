export { assemble } from './app.js';
export { type RunningServer, type ServeOptions, startServer } from './serve.js';
