/** The console that the server shows: one page, scripts and styles beside it, all from one origin. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { outlines } from './outlines.js';

const here = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: here,
  base: '/',
  logLevel: 'warn',
  plugins: [react(), outlines()],
  server: { proxy: { '/api': 'http://127.0.0.1:8470' } },
  build: {
    outDir: 'dist/live',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: false,
    // Everything is a file of its own: the page's policy allows no script or picture inside the text.
    assetsInlineLimit: 0,
    rolldownOptions: { input: `${here}console.html`, checks: { bundlerTimings: false } },
  },
});
