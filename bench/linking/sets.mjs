/**
 * The labelled sets, as every matcher gets them: CSV files without the truth, which stays with the evaluator.
 *
 * `sets(data, out)` → [{ name, left, right?, truth | labels }]: `truth` maps id → person, for sets whose every pair is
 * known; `labels` is [[idLeft, idRight, same]], where only some pairs are. Beside the tables lies NAME.labels.json, up to
 * 300 pairs that match and 300 that do not, for the one matcher that cannot do without (dedupe).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const febrlPerson = (row) => row.rec_id.split('-')[1];

export function sets(data, out) {
  mkdirSync(out, { recursive: true });
  const febrl = 'splink/data/febrl';
  return [
    table('febrl1', 'febrl/dataset1.csv', 'rec_id', febrlPerson),
    table('febrl2', 'febrl/dataset2.csv', 'rec_id', febrlPerson),
    table('febrl3', 'febrl/dataset3.csv', 'rec_id', febrlPerson),
    table('febrl4', `${febrl}/dataset4a.csv`, 'rec_id', febrlPerson, `${febrl}/dataset4b.csv`),
    table('fake_1000', 'splink/data/fake_1000.csv', 'unique_id', (row) => row.cluster),
    table('historical_50k.half', 'splink/historical_50k.half.csv', 'unique_id', (row) => row.cluster),
    labelled('DBLP-ACM', 'magellan/Structured/DBLP-ACM'),
    labelled('Fodors-Zagats', 'magellan/Structured/Fodors-Zagats'),
    labelled('Beer', 'magellan/Structured/Beer'),
    labelled('iTunes-Amazon', 'magellan/Structured/iTunes-Amazon'),
    labelled('Abt-Buy', 'magellan/Textual/Abt-Buy'),
  ].filter((set) => set !== undefined);

  function table(name, file, id, person, second) {
    if (!existsSync(join(data, file))) return undefined;
    const tables = [file, ...(second ? [second] : [])].map((one) => readCsv(join(data, one)));
    const [left, right] = tables.map((rows, i) =>
      write(
        `${name}.${i}.csv`,
        rows.map(({ cluster: _, ...row }) => row),
      ),
    );
    const truth = new Map(tables.flat().map((row) => [row[id], person(row)]));
    teach(name, examples(tables, id, truth));
    return { name, id, left, right, truth };
  }

  /** Magellan's sets come as labelled pairs of "COL name VAL value"; each distinct side is one record of a table. */
  function labelled(name, folder) {
    if (!existsSync(join(data, folder))) return undefined;
    const sides = [new Map(), new Map()];
    const record = (side, text) => {
      const known = sides[side].get(text);
      if (known) return known.id;
      const row = { id: `${'ab'[side]}${sides[side].size}` };
      for (const part of text.split(/(?:^|\s)COL /).slice(1)) {
        const [column, value] = part.split(/ VAL ?/);
        row[column] = (value ?? '').trim();
      }
      sides[side].set(text, row);
      return row.id;
    };
    const labels = [];
    let train = 0;
    for (const part of ['train', 'valid']) {
      for (const line of readFileSync(join(data, folder, `${part}.txt`), 'utf8').split('\n')) {
        const [a, b, same] = line.split('\t').map((text) => text.trim());
        if (same !== undefined) labels.push([record(0, a), record(1, b), same === '1']);
      }
      if (part === 'train') train = labels.length;
    }
    const [left, right] = sides.map((side, i) => write(`${name}.${i}.csv`, [...side.values()]));
    teach(name, labels.slice(0, train));
    return { name, id: 'id', left, right, labels };
  }

  function teach(name, labels) {
    const of = (wanted) => labels.filter(([, , same]) => same === wanted).slice(0, 300);
    const pairs = (wanted) => of(wanted).map(([a, b]) => [a, b]);
    writeFileSync(
      join(out, `${name}.labels.json`),
      JSON.stringify({ match: pairs(true), distinct: pairs(false) }),
    );
  }

  function write(name, rows) {
    const file = join(out, name);
    const columns = Object.keys(rows[0]);
    const cell = (text) => (/[",\n\r]/.test(text ?? '') ? `"${text.replaceAll('"', '""')}"` : (text ?? ''));
    const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
    writeFileSync(file, `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`);
    return file;
  }
}

/** Pairs of one person, and pairs of two who have something in common, in the order of the tables. */
function examples(tables, id, truth) {
  const [left, right = left] = tables;
  const labels = [];
  for (const column of Object.keys(left[0])) {
    const seen = new Map(left.map((row) => [row[column], row[id]]));
    for (const row of right) {
      const other = seen.get(row[column]);
      if (row[column] && other && other !== row[id])
        labels.push([other, row[id], truth.get(other) === truth.get(row[id])]);
    }
  }
  // Every so manieth, so that all columns bring some.
  const thin = (list) => list.filter((_, i) => i % Math.ceil(list.length / 300) === 0);
  return [thin(labels.filter(([, , same]) => same)), thin(labels.filter(([, , same]) => !same))].flat();
}

/** Precision, recall and F1 over pairs, of groups of ids. Labelled sets count labelled pairs only. */
export function evaluate(set, groups) {
  const group = new Map(groups.flatMap((ids, i) => ids.map((id) => [id, i])));
  let [found, wanted, right] = [0, 0, 0];
  if (set.labels) {
    for (const [a, b, same] of set.labels) {
      const together = group.has(a) && group.get(a) === group.get(b);
      found += together;
      wanted += same;
      right += together && same;
    }
  } else {
    const pairs = (counts) => [...counts.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
    const count = (keys) =>
      keys.reduce((counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1), new Map());
    const ids = [...set.truth.keys()];
    const own = (id) => group.get(id) ?? id;
    found = pairs(count(ids.map(own)));
    wanted = pairs(count([...set.truth.values()]));
    right = pairs(count(ids.map((id) => `${own(id)}\u0000${set.truth.get(id)}`)));
  }
  const [precision, recall] = [found ? right / found : 1, wanted ? right / wanted : 1];
  return { precision, recall, f1: found + wanted ? (2 * right) / (found + wanted) : 1 };
}

function readCsv(file) {
  const rows = [];
  let [row, value, quoted] = [[], '', false];
  const text = readFileSync(file, 'utf8');
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') value += c;
      else if (text[i + 1] === '"') value += text[++i];
      else quoted = false;
    } else if (c === '"' && value.trim() === '') {
      quoted = true;
      value = '';
    } else if (c === ',' || c === '\n') {
      row.push(value.trim());
      value = '';
      if (c === '\n') {
        rows.push(row);
        row = [];
      }
    } else value += c;
  }
  const [header, ...records] = rows;
  return records.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
}
