/** The console's page and what belongs to it, from memory: there is no path to anything else. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { RollcallError } from '@rollcall/engine';
import type { MiddlewareHandler } from 'hono';
import { pageHeaders } from './security.js';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
};

interface Asset {
  body: Uint8Array<ArrayBuffer>;
  packed?: Uint8Array<ArrayBuffer>;
  type: string;
  tag: string;
  hashed: boolean;
}

export async function serveConsole(origin?: string, page?: string): Promise<MiddlewareHandler> {
  const start = page ?? fileURLToPath(import.meta.resolve('@rollcall/console/console.html'));
  if (!existsSync(start))
    throw new RollcallError('REPORT_MISSING', 'the console is not built; run "npm run build" first');
  const root = dirname(start);
  const assets = new Map<string, Asset>();
  for (const path of await below(root)) {
    const body = new Uint8Array(await readFile(join(root, path)));
    const type = types[extname(path)];
    if (!type) continue;
    const packed = /text|json|svg/.test(type) ? new Uint8Array(gzipSync(body)) : undefined;
    assets.set(`/${path}`, {
      body,
      ...(packed && packed.length < body.length ? { packed } : {}),
      type,
      tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      hashed: path.startsWith('assets/'),
    });
  }
  const home = assets.get('/console.html');
  if (home) assets.set('/', home);
  const headers = pageHeaders(origin);
  return async (context, next) => {
    const { method, path } = context.req;
    if (path.startsWith('/api/')) return next();
    const asset = assets.get(path);
    if (!asset || (method !== 'GET' && method !== 'HEAD'))
      return new Response('There is nothing at this address. The console is at /.\n', {
        status: asset ? 405 : 404,
        headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
      });
    const answer: Record<string, string> = {
      ...headers,
      'content-type': asset.type,
      'cache-control': asset.hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: asset.tag,
      vary: 'accept-encoding',
    };
    if (context.req.header('if-none-match') === asset.tag)
      return new Response(null, { status: 304, headers: answer });
    const packed = /\bgzip\b/.test(context.req.header('accept-encoding') ?? '') ? asset.packed : undefined;
    if (packed) answer['content-encoding'] = 'gzip';
    return new Response(method === 'HEAD' ? null : (packed ?? asset.body), { headers: answer });
  };
}

async function below(folder: string, under = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, under), { withFileTypes: true })) {
    const path = under ? `${under}/${entry.name}` : entry.name;
    if (entry.isDirectory()) found.push(...(await below(folder, path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}
