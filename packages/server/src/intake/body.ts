/** The body of a delivery, unpacked, within limits: what is sent may be hostile. */

import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Refusal } from '../model/refusal.js';

/** Bytes as sent, and unpacked. Deliveries are meant to be small and many. */
export const bodyLimits = { sent: 16 << 20, unpacked: 64 << 20 };

export async function readBody(request: Request): Promise<Uint8Array> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new Refusal(415, 'ENCODING_UNKNOWN', 'records are taken as they are, or compressed with gzip');
  if (Number(request.headers.get('content-length') ?? 0) > bodyLimits.sent) throw tooLarge();
  if (!request.body) return new Uint8Array();
  // Read to its end before anything is said of it: whoever is still sending would not hear the answer.
  const sent = await collected(
    limited(request.body as unknown as AsyncIterable<Uint8Array>, bodyLimits.sent),
  ).catch((error: unknown) => {
    throw cutOff(error);
  });
  if (encoding === 'identity') {
    if (sent[0] === 0x1f && sent[1] === 0x8b)
      throw new Refusal(
        422,
        'GZIP_NOT_SAID',
        'these records are compressed: say so with the header “Content-Encoding: gzip”; nothing was taken',
      );
    return sent;
  }
  const gunzip = createGunzip();
  try {
    return await collected(limited(Readable.from([sent]).pipe(gunzip), bodyLimits.unpacked));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(
      422,
      'GZIP_DAMAGED',
      'the compressed records are damaged or end early; nothing was taken',
    );
  } finally {
    gunzip.destroy();
  }
}

/** What was thrown while a body was read: where the connection broke, that is no fault of the server. */
export function cutOff(error: unknown): unknown {
  const { code, name } = error as { code?: unknown; name?: unknown };
  const broke = ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(code));
  return broke || name === 'AbortError'
    ? new Refusal(
        400,
        'DELIVERY_CUT',
        'the connection ended before all of it had come; nothing was taken, send it again',
      )
    : error;
}

async function* limited(parts: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const part of parts) {
    size += part.byteLength;
    if (size > most) throw tooLarge();
    yield part;
  }
}

async function collected(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  for await (const part of parts) held.push(part);
  return Buffer.concat(held);
}

function tooLarge(): Refusal {
  return new Refusal(
    413,
    'DELIVERY_TOO_LARGE',
    `at most ${bodyLimits.sent >> 20} MB are taken at a time, and ${bodyLimits.unpacked >> 20} MB unpacked; send smaller deliveries`,
  );
}
