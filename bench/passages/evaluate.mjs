/**
 * The one evaluator: pairs of documents that a matcher linked, held against what was planted.
 *
 * A pair counts once, with its best score. Pairs of one owner are left out for everybody. Pairs of classes that are not
 * scored (too little copied, or reworded too much, for anybody to demand) count neither way; their recall is shown.
 */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

async function* linesOf(file) {
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  }))
    if (line !== '') yield line;
}

/** Marks of all pairs in `pairsFile` (id, id, score by tabs), and how many pairs there are of each class. */
export async function mark(folder, pairsFile) {
  const truth = new Map();
  const totals = {};
  const unscored = new Set();
  for await (const line of linesOf(join(folder, 'pairs.ndjson'))) {
    const { a, b, class: name, scored } = JSON.parse(line);
    truth.set(`${a}\t${b}`, name);
    totals[name] = (totals[name] ?? 0) + 1;
    if (!scored) unscored.add(name);
  }
  const scores = new Map();
  for await (const line of linesOf(pairsFile)) {
    const [one, two, text] = line.split('\t');
    const key = one < two ? `${one}\t${two}` : `${two}\t${one}`;
    const score = Number(text);
    if (!(scores.get(key) >= score)) scores.set(key, score);
  }
  const named = new Set(
    [...scores.keys()].filter((key) => !truth.has(key)).flatMap((key) => key.split('\t')),
  );
  const labels = new Map();
  let documents = 0;
  for await (const line of linesOf(join(folder, 'labels.ndjson'))) {
    documents++;
    if (named.size === 0) continue;
    const label = JSON.parse(line);
    if (named.has(label.id)) labels.set(label.id, label);
  }
  const marks = [];
  for (const [key, score] of scores) {
    const name = truth.get(key);
    if (name !== undefined) {
      marks.push({ score, name, right: !unscored.has(name), counts: !unscored.has(name) });
      continue;
    }
    const [a, b] = key.split('\t').map((id) => labels.get(id));
    if (a.owner === b.owner) continue;
    marks.push({ score, name: whyAlike(a, b), right: false, counts: true });
  }
  return { marks, totals, unscored: [...unscored], documents };
}

/** What a pair has in common that is no copy. */
function whyAlike(a, b) {
  if (a.advert !== undefined && a.advert === b.advert) return 'same advert';
  if (a.style === 'machine' && b.style === 'machine') return 'both machine-written';
  if (a.employers.some((employer) => b.employers.includes(employer))) return 'same employer';
  if (a.template === b.template) return 'same template';
  return 'independent';
}

/** Several sets as one. */
export function pooled(sets) {
  const all = { marks: [], totals: {}, unscored: [], documents: 0 };
  for (const { marks, totals, unscored, documents } of sets) {
    for (const one of marks) all.marks.push(one);
    for (const [name, n] of Object.entries(totals)) all.totals[name] = (all.totals[name] ?? 0) + n;
    all.unscored = [...new Set([...all.unscored, ...unscored])];
    all.documents += documents;
  }
  return all;
}

function wanted({ totals, unscored }) {
  return Object.entries(totals).reduce((sum, [name, n]) => sum + (unscored.includes(name) ? 0 : n), 0);
}

/** The threshold with the best F1. */
export function best(set) {
  const all = wanted(set);
  const sorted = set.marks.filter(({ counts }) => counts).sort((a, b) => b.score - a.score);
  let found = { threshold: Number.POSITIVE_INFINITY, f1: 0 };
  let right = 0;
  for (const [i, { score, right: hit }] of sorted.entries()) {
    if (hit) right++;
    if (sorted[i + 1]?.score === score) continue;
    const f1 = (2 * right) / (i + 1 + all);
    if (f1 > found.f1) found = { threshold: score, f1 };
  }
  return found;
}

/** Precision, recall and F1 of the pairs at or above a threshold; recall and false links by class. */
export function measure(set, threshold) {
  const taken = set.marks.filter(({ score }) => score >= threshold);
  const right = taken.filter((one) => one.right).length;
  const counted = taken.filter(({ counts }) => counts).length;
  const all = wanted(set);
  const recall = {};
  for (const [name, n] of Object.entries(set.totals))
    recall[name] = taken.filter((one) => one.name === name).length / n;
  const falseLinks = {};
  for (const { right: hit, counts, name } of taken)
    if (counts && !hit) falseLinks[name] = (falseLinks[name] ?? 0) + 1;
  return {
    precision: counted ? right / counted : 1,
    recallAll: all ? right / all : 1,
    f1: counted + all ? (2 * right) / (counted + all) : 1,
    recall,
    falseLinks,
    wrong: counted - right,
    perThousand: ((counted - right) / set.documents) * 1000,
  };
}
