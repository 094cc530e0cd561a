import type { Display } from './devices.js';

/** What a display says of itself over the cable, as the registry of Windows keeps it: 128 bytes in hexadecimal. */
export function edidOf(display: Display): string {
  const bytes = Buffer.alloc(128);
  Buffer.from('00ffffffffffff00', 'hex').copy(bytes);
  bytes.writeUInt16BE(Number.parseInt(display.vendorId, 16), 8);
  bytes.writeUInt16LE(Number.parseInt(display.productId, 16), 10);
  const number = /^[0-9a-f]{1,8}$/i.test(display.serial) ? Number.parseInt(display.serial, 16) : 0;
  bytes.writeUInt32LE(number, 12);
  Buffer.from('16210104a5', 'hex').copy(bytes, 16);
  // A timing, the name, and the serial number in words where there is one.
  Buffer.from('023a801871382d40582c450056502100001e', 'hex').copy(bytes, 54);
  text(bytes, 72, 0xfc, display.name);
  if (display.inWords) text(bytes, 90, 0xff, display.inWords);
  let sum = 0;
  for (const byte of bytes.subarray(0, 127)) sum += byte;
  bytes[127] = (256 - (sum % 256)) % 256;
  return bytes.toString('hex').toUpperCase();
}

function text(bytes: Buffer, at: number, tag: number, words: string): void {
  bytes.write(`${words.slice(0, 12)}\n`.padEnd(13, ' '), at + 5, 'ascii');
  bytes[at + 3] = tag;
}
