export { assemble } from './app.js';
