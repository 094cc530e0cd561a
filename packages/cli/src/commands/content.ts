import { loadContent } from '@rollcall/engine';
import {
  type ContentTest,
  detectionTestDatabase,
  testConnector,
  testDetection,
} from '@rollcall/engine/content-tests.js';
import { dim } from '../terminal.js';

export async function contentTest(ids: string[], flags: { content?: string }): Promise<number> {
  const content = await loadContent(flags.content);
  const wanted = (id: string) => ids.length === 0 || ids.includes(id);
  const results: ContentTest[] = [];
  for (const connector of content.connectors)
    if (wanted(connector.id)) results.push(...(await testConnector(connector, content.connectors)));
  const database = await detectionTestDatabase(content.facts);
  for (const detection of content.detections)
    if (wanted(detection.id)) results.push(...(await testDetection(detection, database)));
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
