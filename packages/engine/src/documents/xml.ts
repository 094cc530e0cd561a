import { Parser } from 'htmlparser2';
import { type Limits, Refusal } from './limits.js';

/** Names without their prefix (`w:p` → `p`); attributes by their full name and, where free, without the prefix. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>, qualified: string): void;
  close?(name: string, qualified: string): void;
  text?(text: string): void;
}

/**
 * Streams XML through a handler. No DTD is read and no entity but the five of XML is replaced, so nothing can grow.
 * Throws `Refusal` beyond `limits.depth`.
 */
export function readXml(bytes: Uint8Array | string, limits: Limits, part: string, handler: XmlHandler): void {
  const source = typeof bytes === 'string' ? bytes : decodeXml(bytes);
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(qualified, attributes) {
        if (++depth > limits.depth)
          throw new Refusal('over-limit', `${part} nests more than ${limits.depth} elements`);
        handler.open?.(local(qualified), localAttributes(attributes), qualified);
      },
      onclosetag(qualified) {
        depth--;
        handler.close?.(local(qualified), qualified);
      },
      ontext(text) {
        handler.text?.(text);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.write(source);
  parser.end();
}

export function local(qualified: string): string {
  const colon = qualified.indexOf(':');
  return colon < 0 ? qualified : qualified.slice(colon + 1);
}

function localAttributes(attributes: Record<string, string>): Record<string, string> {
  // No prototype: an attribute may be called `__proto__` or `constructor`.
  const all: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(attributes)) {
    all[name] = value;
    const short = local(name);
    if (!(short in all)) all[short] = value;
  }
  return all;
}

function decodeXml(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString(
    'latin1',
  );
  const declared = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w.-]{1,40})["']/i.exec(head)?.[1];
  try {
    return new TextDecoder(declared ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}
