import type { SigmaReason, SigmaSummary } from '../model/result.js';

const because: Record<Exclude<SigmaReason, 'off'>, string> = {
  rule: 'have errors',
  wall: 'read what no rule here may read',
  logsource: 'are for log sources that are not read here',
  data: 'are for log sources without records in the lake',
  field: 'need fields that the records do not have',
  reference: 'refer to rules that could not run',
  failed: 'could not be asked of the database',
};

/** What Sigma rules could not look for, as plain sentences. */
export function sigmaLimits(summary: SigmaSummary): string[] {
  const rules = summary.rules.filter((rule) => rule.kind !== 'filter');
  const parts: string[] = [];
  for (const [reason, words] of Object.entries(because)) {
    const count = rules.filter((rule) => rule.reason === reason).length;
    if (count > 0) parts.push(`${count.toLocaleString('en-US')} ${words}`);
  }
  const off = rules.filter((rule) => rule.reason === 'off').length;
  const idle = rules.filter((rule) => rule.state === 'not run').length - off;
  if (idle === 0) return [];
  return [
    `${idle.toLocaleString('en-US')} of ${rules.length.toLocaleString('en-US')} Sigma rules could not run: ${parts.join('; ')}. --json says why for each.`,
  ];
}
