import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadContent, loadPolicy } from '@rollcall/engine';
import { catalogueProblems, loadCatalogue } from '@rollcall/engine/content/catalogue.js';
import { coverage, coverageMarkdown } from '@rollcall/engine/content/coverage.js';
import { loadForPeople } from '@rollcall/engine/content/for-people.js';
import {
  type ContentTest,
  detectionTestDatabase,
  testConnector,
  testDetection,
  testFieldMap,
} from '@rollcall/engine/content-tests.js';
import { listPacks } from '@rollcall/engine/sigma/list.js';
import { bold, dim, safe } from '../terminal.js';

/** Lists packs of Sigma rules: those that ship, and the folders a policy names. */
export async function contentPacks(flags: {
  content?: string;
  policy?: string;
  json?: boolean;
}): Promise<number> {
  const packs = await listPacks(
    await loadContent(flags.content, { withoutTests: true }),
    await loadPolicy(flags.policy),
  );
  if (flags.json) process.stdout.write(`${JSON.stringify(packs, null, 1)}\n`);
  else {
    for (const pack of packs) {
      console.log(`${pack.state.padEnd(3)}  ${bold(safe(pack.id))}  ${safe(pack.title, 80)}`);
      console.log(
        `     ${pack.rules} rules, ${pack.correlations} correlations${pack.off > 0 ? `, ${pack.off} switched off` : ''}${pack.errors > 0 ? `, ${pack.errors} with errors` : ''}; licence: ${safe(pack.licenses.join(', ') || 'not stated', 120)}`,
      );
    }
    if (packs.length === 0) console.log('There are no packs.');
  }
  return 0;
}

/** Lists the evidence that is known of, what covers it, and why the rest is not. */
export async function contentCoverage(flags: {
  content?: string;
  write?: string;
  json?: boolean;
}): Promise<number> {
  const content = await loadContent(flags.content, { withoutTests: true });
  const catalogue = await loadCatalogue(content.folder);
  const problems = catalogueProblems(catalogue, content);
  const found = coverage(catalogue, content);
  if (flags.write) await writeFile(flags.write, coverageMarkdown(found));
  if (flags.json) process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
  else {
    for (const section of found.sections) {
      const covered = section.rows.filter((row) => row.detections.length > 0).length;
      console.log(bold(`${safe(section.title, 60)}: ${covered} of ${section.rows.length}`));
      for (const row of section.rows) {
        console.log(`  ${row.id}  ${safe(row.what, 160)}`);
        console.log(
          dim(
            `         ${row.detections.length > 0 ? row.detections.map(({ id }) => id).join(', ') : `not: ${safe(row.not ?? 'no reason is given', 240)}`}`,
          ),
        );
      }
    }
    const { counts } = found;
    console.log(
      `${counts.covered} of ${counts.rows} rows covered by ${counts.detections} detections; ${counts.refused} refused; of ${counts.advice} pieces of advice ${counts.adviceByData} by data or a recorded check.`,
    );
  }
  for (const problem of problems) process.stderr.write(`rollcall: ${problem}\n`);
  return problems.length > 0 ? 2 : 0;
}

export async function contentTest(ids: string[], flags: { content?: string }): Promise<number> {
  const content = await loadContent(flags.content);
  const wanted = (id: string) => ids.length === 0 || ids.includes(id);
  const results: ContentTest[] = [];
  // What people carry out has no tests of its own: that it can be read, and fits the rest, is the test.
  if (existsSync(join(content.folder, 'vendors'))) {
    const { checks, playbooks, courses } = await loadForPeople(content);
    for (const [part, list] of Object.entries({ checks, playbooks, training: courses }))
      for (const { id } of list)
        if (wanted(`${part}/${id}`)) results.push({ content: `${part}/${id}`, name: 'it can be read' });
  }
  for (const connector of content.connectors)
    if (wanted(connector.id))
      results.push(...(await testConnector(connector, content.connectors, content.facts)));
  const database = await detectionTestDatabase(content.facts);
  for (const detection of content.detections)
    if (wanted(detection.id)) results.push(...(await testDetection(detection, database, content)));
  for (const map of content.fieldMaps)
    if (wanted(`sigma/${map.id}`)) results.push(...(await testFieldMap(map, content.connectors, database)));
  database.close();
  for (const result of results) {
    console.log(
      result.problem
        ? `FAILED  ${result.content}: ${result.name}\n        ${result.problem.replaceAll('\n', '\n        ')}`
        : dim(`passed  ${result.content}: ${result.name}`),
    );
  }
  const failed = results.filter((result) => result.problem).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  return failed > 0 || results.length === 0 ? 2 : 0;
}
