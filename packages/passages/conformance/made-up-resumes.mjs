/**
 * Made-up texts in the size and shape of résumés, by number: the same number gives the same text. Words follow Zipf's
 * law, half of them come as fixed word pairs (as jargon does), and a few sentences of each text are stock phrases.
 * `copies` in 1,000 take three points from an earlier text, one of them with a quarter of its words changed.
 */
const syllables =
  'ba be bi bo ca ce co da de di do fa fe fi ga ge ha he ka la le li lo ma me mi mo na ne no pa pe po ra re ri ro sa se si so ta te ti to va ve vi za zo tron lex plex form dex nix'.split(
    ' ',
  );
const glue = 'and the for with of to in by across using a on from into within'.split(' ');
const wordCount = 30_000;
const pairCount = 200_000;
const stockCount = 400;

function random(seed) {
  let state = (seed * 2654435761 + 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function zipf(next, count) {
  return Math.min(count - 1, Math.floor((count + 1) ** next() - 1));
}

const words = Array.from({ length: wordCount }, (_, at) => {
  const next = random(at + 7_000_000);
  let word = '';
  for (let i = 0; i < 2 + Math.floor(next() * 3); i++)
    word += syllables[Math.floor(next() * syllables.length)];
  return word;
});
const pairs = Array.from({ length: pairCount }, (_, at) => {
  const next = random(at + 9_000_000);
  return `${words[zipf(next, wordCount)]} ${words[zipf(next, wordCount)]}`;
});

function point(next) {
  const parts = [];
  for (let size = 8 + Math.floor(next() * 7); size > 0; ) {
    if (next() < 0.4) {
      parts.push(pairs[zipf(next, pairCount)]);
      size -= 2;
    } else {
      parts.push(words[zipf(next, wordCount)]);
      size -= 1;
    }
    if (next() < 0.4) parts.push(glue[Math.floor(next() * glue.length)]);
    if (next() < 0.05) parts.push(`${Math.floor(next() * 90) + 5}%`);
  }
  return parts.join(' ');
}

const stock = Array.from({ length: stockCount }, (_, at) => point(random(at + 11_000_000)));

function points(number) {
  const next = random(number);
  const list = [];
  for (let i = 0; i < 18; i++) list.push(next() < 0.1 ? stock[zipf(next, stockCount)] : point(next));
  return list;
}

/** The earlier text that this one copies from, or -1. */
export function copiedFrom(number, copies) {
  const next = random(number + 500_000_000);
  return number > 10 && next() * 1000 < copies ? Math.floor(next() * number) : -1;
}

export function resume(number, copies = 0) {
  const list = points(number);
  const source = copiedFrom(number, copies);
  if (source >= 0) {
    const next = random(number + 600_000_000);
    const theirs = points(source);
    const from = Math.floor(next() * 15);
    list[3] = theirs[from];
    list[9] = theirs[from + 1];
    list[14] = theirs[from + 2]
      .split(' ')
      .map((word) => (next() < 0.25 ? words[zipf(next, wordCount)] : word))
      .join(' ');
  }
  const next = random(number + 700_000_000);
  const id = String(number).padStart(9, '0');
  const lines = [`Person ${id}`, `person${id}@example.com | +1 555 0100`, '', 'Experience'];
  for (let job = 0; job < 3; job++) {
    lines.push(`Engineer, Company ${Math.floor(next() * 5000)}`, `Jan 20${10 + job} - Dec 20${12 + job}`);
    for (const one of list.slice(job * 6, job * 6 + 6))
      lines.push(`- ${one[0].toUpperCase()}${one.slice(1)}.`);
  }
  lines.push('', 'Skills', 'Python, Java, Go, SQL, Kafka');
  return { id: `r${id}`, owner: `p${id}`, text: lines.join('\n') };
}
