/** Scores groups of people against the rings that were planted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Truth of a folder made by make.mjs; `humans` says which person is whose second record. */
export async function readTruth(folder, database) {
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'));
  const human = Int32Array.from({ length: truth.people }, (_, i) => i);
  const result = await database.stream(
    `SELECT n::INTEGER, human::INTEGER FROM '${join(folder, 'humans.parquet')}'`,
  );
  for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk()) {
    const [second, first] = [chunk.getColumnValues(0), chunk.getColumnValues(1)];
    second.forEach((n, i) => {
      human[n] = first[i];
    });
  }
  const ringOf = new Int32Array(truth.people).fill(-1);
  truth.rings.forEach((ring, i) => {
    for (const n of ring.members) ringOf[n] = i;
  });
  return { ...truth, human, ringOf };
}

/**
 * @param {Iterable<readonly number[]>} groups of people (their numbers), at least two each
 * @returns per ring: `found`, share of its identities in the one group that holds most of them; `honest` people in that
 *   group; `rank` of the group by size; `pieces`, groups of three or more that are mostly this ring, and `inPieces`, the
 *   share of identities in those. Of all groups without a member of any ring (`others`), counted in human beings: how many
 *   have 3, 10, 20 and more.
 */
export function evaluate(truth, groups) {
  const rings = truth.rings.map(() => ({ most: 0, size: 0, honest: 0, pieces: 0, inPieces: 0 }));
  const others = { from3: 0, from10: 0, from20: 0, people: 0, largest: 0 };
  const sizes = [];
  for (const group of groups) {
    const count = new Map();
    for (const n of group) {
      const ring = truth.ringOf[n];
      if (ring >= 0) count.set(ring, (count.get(ring) ?? 0) + 1);
    }
    const humans = new Set(group.map((n) => truth.human[n])).size;
    if (humans >= 3) sizes.push(humans);
    if (count.size === 0) {
      if (humans < 3) continue;
      others.from3++;
      others.people += humans;
      if (humans >= 10) others.from10++;
      if (humans >= 20) others.from20++;
      others.largest = Math.max(others.largest, humans);
    }
    const planted = [...count.values()].reduce((sum, inside) => sum + inside, 0);
    for (const [ring, inside] of count) {
      const result = rings[ring];
      if (inside > result.most)
        Object.assign(result, { most: inside, size: humans, honest: humans - planted });
      if (humans >= 3 && inside * 2 > humans) {
        result.pieces++;
        result.inPieces += inside;
      }
    }
  }
  sizes.sort((x, y) => y - x);
  const members = (i) => truth.rings[i].members.length;
  const perRing = rings.map((result, i) => ({
    ring: truth.rings[i].name,
    difficulty: truth.rings[i].difficulty,
    found: result.most / members(i),
    honest: result.honest,
    rank: 1 + sizes.findIndex((size) => size <= result.size),
    pieces: result.pieces,
    inPieces: result.inPieces / members(i),
  }));
  const difficulties = [...new Set(perRing.map((ring) => ring.difficulty))];
  const mean = (list, key) => list.reduce((sum, item) => sum + item[key], 0) / list.length;
  const median = (list, key) => list.map((item) => item[key]).sort((x, y) => x - y)[list.length >> 1];
  return {
    rings: difficulties.map((difficulty) => {
      const list = perRing.filter((ring) => ring.difficulty === difficulty);
      return {
        difficulty,
        found: round(mean(list, 'found')),
        least: round(Math.min(...list.map((ring) => ring.found))),
        honest: median(list, 'honest'),
        mostHonest: Math.max(...list.map((ring) => ring.honest)),
        rank: median(list, 'rank'),
        pieces: round(mean(list, 'pieces')),
        inPieces: round(mean(list, 'inPieces')),
      };
    }),
    others: { ...others, perMillion: round((others.from3 / truth.people) * 1e6) },
  };
}

function round(value) {
  return Math.round(value * 1000) / 1000;
}
