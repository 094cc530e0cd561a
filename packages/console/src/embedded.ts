/** Takes the result out of the page. It may be absent, cut short, or of another version: each is said in words. */
import type { ScanResult } from '@rollcall/engine/model/result.js';

export type Embedded =
  | { state: 'ready'; result: ScanResult }
  | { state: 'absent' }
  | { state: 'broken'; reason: string };

const lists = [
  'people',
  'rings',
  'proposals',
  'explanations',
  'exposures',
  'detections',
  'sources',
  'files',
  'rejects',
  'untied',
  'limits',
] as const satisfies readonly (keyof ScanResult)[];

const records = ['rollcall', 'company', 'bands', 'policy'] as const satisfies readonly (keyof ScanResult)[];

export function parseResult(text: string): Embedded {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '{}') return { state: 'absent' };
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch (error) {
    return { state: 'broken', reason: `The data inside is not whole: ${(error as Error).message}` };
  }
  if (typeof value !== 'object' || value === null)
    return { state: 'broken', reason: 'The data inside is not a result.' };
  const found = value as Partial<Record<keyof ScanResult, unknown>>;
  const wrong = [
    ...lists.filter((name) => !Array.isArray(found[name])),
    ...records.filter((name) => typeof found[name] !== 'object' || found[name] === null),
    ...(typeof found.asOf === 'string' ? [] : ['asOf']),
  ];
  if (wrong.length > 0) {
    return {
      state: 'broken',
      reason: `The data inside lacks ${wrong.join(', ')}: it may be from another version.`,
    };
  }
  return { state: 'ready', result: value as ScanResult };
}

export function readEmbedded(): Embedded {
  const element = document.getElementById('rollcall-result');
  if (!element) return { state: 'absent' };
  const embedded = parseResult(element.textContent ?? '');
  // The text of a large result is as big again as the result: let it go.
  element.remove();
  return embedded;
}
