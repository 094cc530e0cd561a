/**
 * Reads every file of ../shared/data/resumes and ../shared/data/documents and compares what is read with poppler and
 * exiftool, in the same run on the same machine. Prints tables and every difference; README.md has the figures.
 *
 *   node bench/documents/run.mjs [read] [text] [facts] [speed]
 *
 * Needs `npm run build`, and from Debian: apt-get install poppler-utils libimage-exiftool-perl libarchive-zip-perl. EXIFTOOL names another
 * exiftool; ROUNDS how often the speed is measured.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDocuments } from '../../packages/engine/dist/documents/index.js';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
const exiftool = (process.env.EXIFTOOL ?? 'exiftool').split(' ');
const wanted = process.argv.slice(2);
const asked = (part) => wanted.length === 0 || wanted.includes(part);
const files = ['resumes', 'documents'].flatMap((folder) =>
  readdirSync(join(data, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)),
);
files.sort();
const short = (file) => relative(data, file);
const percent = (share) => `${(share * 100).toFixed(1)} %`;

function version(command, ...args) {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) {
    console.error(
      `${command} is missing: apt-get install poppler-utils libimage-exiftool-perl libarchive-zip-perl`,
    );
    process.exit(1);
  }
  return (stdout || stderr).split('\n')[0].trim();
}
console.log(
  `${cpus()[0]?.model} × ${cpus().length}, Node ${process.version}, ${version('pdftotext', '-v')}, exiftool ${version(exiftool[0], ...exiftool.slice(1), '-ver')}`,
);

const read = new Map();
for await (const { document } of readDocuments(files)) read.set(document.file, document);
const pdfs = files.filter((file) => read.get(file).format === 'pdf');

if (asked('read')) {
  const counts = new Map();
  for (const file of files) {
    const { outcome, reason, format, message } = read.get(file);
    const key = outcome === 'read' ? `read as ${format}` : `refused: ${reason}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (outcome === 'refused') console.log(message.replace(data, ''));
  }
  console.log(`\n${files.length} files`);
  for (const [key, count] of [...counts].sort()) console.log(`${String(count).padStart(5)}  ${key}`);
}

/** Letters and figures, as a reader sees them: forms, hyphens at line ends and marks between words do not count. */
const wordsOf = (text) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
const pairsOf = (words) => words.slice(1).map((word, index) => `${words[index]} ${word}`);

/** Share of the second list that the first has, as multisets. */
function covered(list, of) {
  const counts = new Map();
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  let found = 0;
  const missing = [];
  for (const item of of) {
    const left = counts.get(item) ?? 0;
    if (left > 0) {
      found++;
      counts.set(item, left - 1);
    } else missing.push(item);
  }
  return { share: of.length === 0 ? 1 : found / of.length, found, missing };
}

if (asked('text')) {
  console.log(
    '\nText: words of pdftotext that we have, ours that it has, and pairs of neighbours of it that we have',
  );
  const sums = {};
  for (const file of pdfs) {
    const document = read.get(file);
    if (document.outcome !== 'read') continue;
    const ours = wordsOf(document.text);
    const line = [];
    for (const mode of ['raw order', '-layout']) {
      const args = mode === '-layout' ? ['-layout', file, '-'] : [file, '-'];
      const theirs = wordsOf(execFileSync('pdftotext', args, { encoding: 'utf8', maxBuffer: 1 << 28 }));
      const recall = covered(ours, theirs);
      const precision = covered(theirs, ours);
      const order = covered(pairsOf(ours), pairsOf(theirs));
      sums[mode] ??= { words: 0, found: 0, ours: 0, right: 0, pairs: 0, kept: 0 };
      const sum = sums[mode];
      sum.words += theirs.length;
      sum.found += recall.found;
      sum.ours += ours.length;
      sum.right += precision.found;
      sum.pairs += Math.max(0, theirs.length - 1);
      sum.kept += order.found;
      line.push(`${percent(recall.share)} ${percent(precision.share)} ${percent(order.share)}`);
      if (mode === 'raw order' && (recall.share < 0.995 || precision.share < 0.995))
        line.push(
          `not ours: ${recall.missing.slice(0, 8).join(' ')} · not theirs: ${precision.missing.slice(0, 8).join(' ')} ·`,
        );
    }
    console.log(`${short(file)}: ${line.join(' | ')}`);
  }
  for (const [mode, sum] of Object.entries(sums))
    console.log(
      `${mode}: ${sum.words} words, recall ${percent(sum.found / sum.words)}, precision ${percent(sum.right / sum.ours)}, order ${percent(sum.kept / sum.pairs)}`,
    );
}

if (asked('facts')) {
  console.log('\nFacts of the file that differ');
  let compared = 0;
  let same = 0;
  const check = (file, tool, what, ours, theirs) => {
    if (theirs === undefined || theirs === '') {
      if (ours !== undefined && ours !== '') console.log(`${short(file)}: ${what}: only ours: ${ours}`);
      return;
    }
    compared++;
    if (ours === theirs) same++;
    else console.log(`${short(file)}: ${what}: ours ${ours} · ${tool} ${theirs}`);
  };
  const moment = (date) => date && (date.utc ?? date.local ?? date.text);
  /** exiftool writes `2022:04:03 18:05:42+02:00`. */
  const theirMoment = (text) => {
    const match = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(
      text ?? '',
    );
    if (!match) return text;
    const [, year, month, day, time, offset] = match;
    const local = `${year}-${month}-${day}T${time.length === 5 ? `${time}:00` : time}`;
    return offset ? new Date(`${local}${offset}`).toISOString().replace('.000Z', 'Z') : local;
  };
  const clean = (text) => (text === undefined ? undefined : String(text).replace(/\s+/g, ' ').trim());
  for (const file of files) {
    const document = read.get(file);
    if (document.outcome !== 'read' || (document.format !== 'pdf' && document.format !== 'docx')) continue;
    const { traces } = document;
    const tags = JSON.parse(
      execFileSync(exiftool[0], [...exiftool.slice(1), '-j', '-G1', '-a', '-u', file], {
        maxBuffer: 1 << 28,
      }).toString(),
    )[0];
    const tag = (...names) => names.map((name) => tags[name]).find((value) => value !== undefined);
    if (document.format === 'pdf') {
      const info = new Map(
        execFileSync('pdfinfo', ['-rawdates', file], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        })
          .split('\n')
          .map((line) => /^([^:]+):\s+(.*)$/.exec(line))
          .filter((match) => match)
          .map(([, name, value]) => [name, value]),
      );
      check(file, 'pdfinfo', 'pages', document.pages.length, Number(info.get('Pages')));
      check(file, 'pdfinfo', 'title', clean(traces.title), clean(info.get('Title')));
      check(file, 'pdfinfo', 'author', clean(traces.authors[0]), clean(info.get('Author')));
      check(file, 'pdfinfo', 'creator', clean(traces.creator), clean(info.get('Creator')));
      check(file, 'pdfinfo', 'producer', clean(traces.producer), clean(info.get('Producer')));
      check(file, 'pdfinfo', 'created', traces.created?.text, info.get('CreationDate'));
      check(file, 'pdfinfo', 'modified', traces.modified?.text, info.get('ModDate'));
      check(
        file,
        'exiftool',
        'created',
        moment(traces.created),
        theirMoment(tag('PDF:CreateDate', 'XMP-xmp:CreateDate')),
      );
      check(
        file,
        'exiftool',
        'modified',
        moment(traces.modified),
        theirMoment(tag('PDF:ModifyDate', 'XMP-xmp:ModifyDate')),
      );
      check(file, 'exiftool', 'document id', traces.documentId, tag('XMP-xmpMM:DocumentID'));
      check(file, 'exiftool', 'instance id', traces.instanceId, tag('XMP-xmpMM:InstanceID'));
      check(file, 'exiftool', 'original id', traces.originalDocumentId, tag('XMP-xmpMM:OriginalDocumentID'));
    } else {
      check(file, 'exiftool', 'author', clean(traces.authors[0]), clean(tag('XMP-dc:Creator')));
      check(
        file,
        'exiftool',
        'last modified by',
        clean(traces.lastModifiedBy),
        clean(tag('XML:LastModifiedBy')),
      );
      check(file, 'exiftool', 'company', clean(traces.company), clean(tag('XML:Company')));
      check(file, 'exiftool', 'template', clean(traces.template), clean(tag('XML:Template')));
      check(file, 'exiftool', 'revision', traces.revision, tag('XML:RevisionNumber'));
      check(file, 'exiftool', 'created', moment(traces.created), theirMoment(tag('XML:CreateDate')));
      check(file, 'exiftool', 'modified', moment(traces.modified), theirMoment(tag('XML:ModifyDate')));
    }
  }
  console.log(`${compared} facts compared, ${same} the same`);
}

if (asked('speed')) {
  const rounds = Number(process.env.ROUNDS ?? 3);
  const pages = pdfs.reduce((sum, file) => sum + (read.get(file).pages?.length ?? 0), 0);
  console.log(`\nSpeed: ${pdfs.length} PDFs, ${pages} pages; best of ${rounds} rounds`);
  const rows = [];
  const note = (name, seconds, processor) => rows.push({ name, seconds, processor });
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const { stdout } = spawnSync(
      'sh',
      ['-c', 'for file; do pdftotext -layout "$file" - >/dev/null 2>&1; done; times', 'sh', ...pdfs],
      { encoding: 'utf8' },
    );
    // The second line: user and system time of what the shell started.
    const times = [
      ...stdout
        .trim()
        .split('\n')[1]
        .matchAll(/(\d+)m([\d.]+)s/g),
    ];
    note(
      'pdftotext -layout, one after the other',
      (performance.now() - started) / 1000,
      times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0),
    );
    for (const workers of [1, 2]) {
      const before = process.cpuUsage();
      const begun = performance.now();
      for await (const { document } of readDocuments(pdfs, { workers })) void document;
      const used = process.cpuUsage(before);
      note(
        `Rollcall, ${workers} worker${workers > 1 ? 's' : ''}: text, claims and traces`,
        (performance.now() - begun) / 1000,
        (used.user + used.system) / 1e6,
      );
    }
  }
  for (const name of new Set(rows.map((row) => row.name))) {
    const mine = rows.filter((row) => row.name === name);
    const seconds = Math.min(...mine.map((row) => row.seconds));
    const processor = Math.min(...mine.map((row) => row.processor));
    console.log(
      `${name.padEnd(52)} ${(pdfs.length / seconds).toFixed(1)} files/s, ${(pages / seconds).toFixed(0)} pages/s; ${((processor / pdfs.length) * 1000).toFixed(0)} ms of processor a file`,
    );
  }
}
