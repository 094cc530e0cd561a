/**
 * Labelled texts others wrote, as pairs: an answer and the source it may have been taken from (clough_stevenson), two
 * sentences that may be paraphrases (pan). A matcher sees all texts of a set at once and links what it links.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines of a table: at the threshold chosen on résumés, and at the best threshold for this set. */
export async function nearDuplicates(data, out, answer, threshold, wanted = Object.keys(readers)) {
  const rows = [];
  for (const name of wanted) {
    const { documents, pairs } = readers[name](join(data, name));
    const file = join(out, `${name}.ndjson`);
    writeFileSync(file, documents.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const scores = new Map();
    for (const line of readFileSync(answer(file), 'utf8').split('\n')) {
      const [a, b, score] = line.split('\t');
      if (score === undefined) continue;
      const key = [a, b].sort().join('\t');
      scores.set(key, Math.max(Number(score), scores.get(key) ?? 0));
    }
    const scored = pairs.map(({ a, b, label, right }) => ({
      label,
      right,
      score: scores.get([a, b].sort().join('\t')) ?? 0,
    }));
    const tried = [...new Set(scored.map(({ score }) => score))].filter((score) => score > 0);
    const ours = at(scored, threshold);
    const top = tried
      .map((one) => at(scored, one))
      .reduce((a, b) => (b.f1 > a.f1 ? b : a), at(scored, Infinity));
    rows.push(`${name.padEnd(18)} as chosen   ${ours.text}`, `${name.padEnd(18)} best for it ${top.text}`);
  }
  return rows;
}

function at(scored, threshold) {
  const linked = scored.filter(({ score }) => score >= threshold);
  const right = linked.filter((one) => one.right).length;
  const all = scored.filter((one) => one.right).length;
  const f1 = (2 * right) / (linked.length + all);
  const labels = [...new Set(scored.map(({ label }) => label))].sort();
  const byLabel = labels.map((label) => {
    const of = scored.filter((one) => one.label === label);
    return `${label} ${of.filter(({ score }) => score >= threshold).length}/${of.length}`;
  });
  return {
    f1,
    text: `F1 ${f1.toFixed(3)}  precision ${(linked.length ? right / linked.length : 1).toFixed(3)}  recall ${(right / all).toFixed(3)}  threshold ${threshold}  linked: ${byLabel.join(', ')}`,
  };
}

function cloughStevenson(folder) {
  const [, ...lines] = readFileSync(join(folder, 'file_information.shared.csv'), 'utf8')
    .trim()
    .split(/\r?\n/);
  // Not all of these files are UTF-8.
  const read = (name) => readFileSync(join(folder, name), 'latin1');
  const documents = readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => ({ id: name, owner: name, text: read(name) }));
  const known = new Set(documents.map(({ id }) => id));
  const pairs = lines
    .map((line) => line.split(','))
    .filter(([file, , label]) => known.has(file) && label !== 'orig')
    .map(([file, task, label]) => ({ a: file, b: `orig_task${task}.txt`, label, right: label !== 'non' }));
  return { documents, pairs };
}

function pan(folder) {
  const lines = (name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  const [first, second, labels] = ['pan-train_s1.txt', 'pan-train_s2.txt', 'pan-train.labels'].map(lines);
  const documents = [];
  const pairs = labels.map((label, i) => {
    const [a, b] = [`a${i}`, `b${i}`];
    documents.push({ id: a, owner: a, text: first[i] }, { id: b, owner: b, text: second[i] });
    return { a, b, label, right: label === '1' };
  });
  return { documents, pairs };
}

const readers = { clough_stevenson: cloughStevenson, pan };
