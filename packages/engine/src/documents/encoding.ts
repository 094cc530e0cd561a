/** Text of unknown encoding. Undefined where the bytes are no text: they hold control characters text does not use. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: string } | undefined {
  const encoding = encodingOf(bytes);
  const decoded = new TextDecoder(encoding).decode(bytes);
  const sample = decoded.slice(0, 65_536);
  let strange = 0;
  for (let at = 0; at < sample.length; at++) {
    const code = sample.charCodeAt(at);
    if (code === 0) return undefined;
    if ((code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13) || code === 0xfffd) strange++;
  }
  return strange * 100 > sample.length ? undefined : { text: decoded, encoding };
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const wide = utf16Without(bytes);
  if (wide) return wide;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** UTF-16 without a mark: text with Latin letters, spaces and line ends has zeros in every other place and nowhere else. */
function utf16Without(bytes: Uint8Array): string | undefined {
  const length = Math.min(bytes.byteLength, 4_096) & ~1;
  if (bytes.byteLength % 2 !== 0 || length < 8) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) even++;
    if (bytes[at + 1] === 0) odd++;
  }
  const share = length / 2;
  if (odd > share * 0.4 && even === 0) return 'utf-16le';
  return even > share * 0.4 && odd === 0 ? 'utf-16be' : undefined;
}
