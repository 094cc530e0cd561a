import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
} from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, writeWhole } from './files.js';
import type { Keys } from './model/services.js';

/** Letters and digits that are not mistaken for others (Crockford base 32, in lower case). */
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** The installation's secrets: made at the first start, in `keys/`, readable by nobody else. */
export async function openKeys(folder: string): Promise<Keys> {
  const place = join(folder, 'keys');
  await makeFolder(place);
  await chmod(place, 0o700);
  const secret = await kept(join(place, 'secret'), () => randomBytes(32));
  const signing = await kept(join(place, 'signing.pem'), () =>
    Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
  );
  return makeKeys(secret, signing);
}

export function makeKeys(secret: Uint8Array, signingPem: Uint8Array): Keys {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(), `rollcall ${purpose}`, 32));
  const forHandles = derive('handles');
  const privateKey = createPrivateKey(Buffer.from(signingPem));
  const handles = new Map<string, string>();
  return {
    derive,
    handle: (person) => {
      const known = handles.get(person);
      if (known) return known;
      const digest = createHmac('sha256', forHandles).update(person, 'utf8').digest();
      let made = 'p';
      for (let i = 0; i < 10; i++) made += letters[(digest[i] as number) & 31];
      handles.set(person, made);
      return made;
    },
    sign: (data) => new Uint8Array(sign(null, data, privateKey)),
    publicKey: () => createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** A secret of a file; where there is none it is made, and is on disk before anybody uses it. */
async function kept(path: string, make: () => Uint8Array): Promise<Uint8Array> {
  const found = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found) return found;
  const made = make();
  await writeWhole(path, made);
  return made;
}
