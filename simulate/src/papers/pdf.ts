/** What a simulated PDF says of itself. */
export interface PdfProperties {
  author?: string;
  creator: string;
  producer: string;
  /** Milliseconds since 1970. */
  created: number;
  /** 32 hexadecimal digits: the first half of `/ID`, which copies keep. */
  origin: string;
}

const width = 595;
const height = 842;
const margin = 54;
const size = 10;
const leading = 14;
const lineCharacters = 98;
/** Of WinAnsiEncoding, what résumés use beyond Latin-1. */
const winAnsi: Record<string, number> = {
  '•': 0x95,
  '–': 0x96,
  '—': 0x97,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '…': 0x85,
};

/** Text as a plain PDF in Helvetica; `hidden` is painted in white on the last page. */
export function pdf(text: string, properties: PdfProperties, hidden?: string): Buffer {
  const lines = text.split('\n').flatMap((line) => wrapped(line));
  const perPage = Math.floor((height - 2 * margin) / leading);
  const pages: string[][] = [];
  for (let from = 0; from < lines.length || from === 0; from += perPage)
    pages.push(lines.slice(from, from + perPage));
  const objects: string[] = [];
  const add = (body: string) => objects.push(body);
  add('<< /Type /Catalog /Pages 2 0 R >>');
  const kids = pages.map((_, i) => `${5 + 2 * i} 0 R`).join(' ');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  const info = [
    properties.author ? `/Author ${literal(properties.author)}` : '',
    `/Creator ${literal(properties.creator)} /Producer ${literal(properties.producer)}`,
    `/CreationDate (D:${stamp(properties.created)}Z) /ModDate (D:${stamp(properties.created)}Z)`,
  ];
  add(`<< ${info.join(' ')} >>`);
  for (const [i, page] of pages.entries()) {
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${6 + 2 * i} 0 R >>`,
    );
    const shown = page.map((line) => `${literal(line)} Tj T*`).join('\n');
    const white =
      hidden && i === pages.length - 1 ? `\n1 1 1 rg ${margin} ${margin / 2} Td ${literal(hidden)} Tj` : '';
    const content = `BT /F1 ${size} Tf ${leading} TL ${margin} ${height - margin} Td\n${shown} ET${
      white ? `\nBT /F1 ${size} Tf${white} ET` : ''
    }`;
    add(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = body.length;
    body += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const xref = body.length;
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets
    .map((at) => `${String(at).padStart(10, '0')} 00000 n \n`)
    .join('')}`;
  body += `trailer << /Size ${objects.length + 1} /Root 1 0 R /Info 4 0 R /ID [<${properties.origin}> <${properties.origin}>] >>\nstartxref\n${xref}\n%%EOF\n`;
  // Every character is one byte by now.
  return Buffer.from(body, 'latin1');
}

function wrapped(line: string): string[] {
  const lines: string[] = [];
  let now = '';
  for (const word of line.split(' ')) {
    if (now !== '' && now.length + 1 + word.length > lineCharacters) {
      lines.push(now);
      now = word;
    } else now = now === '' ? word : `${now} ${word}`;
  }
  return [...lines, now];
}

function literal(text: string): string {
  let escaped = '';
  for (const ch of text) {
    const code = winAnsi[ch] ?? ch.codePointAt(0) ?? 63;
    const byte = code < 256 ? String.fromCharCode(code) : '?';
    escaped += /[()\\]/.test(byte) ? `\\${byte}` : byte;
  }
  return `(${escaped})`;
}

const stamp = (time: number): string => new Date(time).toISOString().replace(/\D/g, '').slice(0, 14);
