import { resolve } from 'node:path';
import { findings, loadContent, loadPolicy, type ScanResult, scan } from '@rollcall/engine';
import { writeReport, writeWhole } from '../report.js';
import { bold, ProgressLine, printFiles, printPeople, printRest, printSigma } from '../terminal.js';

export interface ScanFlags {
  lake: string;
  policy?: string;
  asOf?: Date;
  /** Folders or files of Sigma rules. */
  sigma?: string[];
  report: string;
  findings: string;
  json?: boolean;
  failOn?: 'watch' | 'review' | 'urgent';
  top: number;
  content?: string;
  memory: string;
  threads?: number;
  quiet?: boolean;
}

export async function scanFolder(folder: string | undefined, flags: ScanFlags): Promise<number> {
  const result = await scanAndWrite(folder, flags);
  if (flags.json) process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
  else {
    print(result, flags.top);
    console.log(`${bold('Report')}    ${resolve(flags.report)}`);
    console.log(`${bold('Findings')}  ${resolve(flags.findings)} (OCSF Detection Findings)`);
    console.log(
      '\nA reason to look, not a finding of guilt: read what is said for each person, and the innocent readings beside it.',
    );
  }
  return flags.failOn && atOrAbove(result, flags.failOn) > 0 ? 1 : 0;
}

/** Scans, and writes report and findings; prints nothing but progress. */
export async function scanAndWrite(
  folder: string | undefined,
  flags: Omit<ScanFlags, 'top'>,
): Promise<ScanResult> {
  const line = new ProgressLine(flags.quiet ?? false);
  try {
    const result = await scan({
      ...(folder ? { folder } : {}),
      lake: flags.lake,
      content: await loadContent(flags.content, { withoutTests: true }),
      policy: await loadPolicy(flags.policy),
      ...(flags.policy ? { policyFile: flags.policy } : {}),
      ...(flags.asOf ? { asOf: flags.asOf } : {}),
      ...(flags.sigma ? { sigma: flags.sigma } : {}),
      memory: flags.memory,
      ...(flags.threads ? { threads: flags.threads } : {}),
      onProgress: (progress) => line.update(progress),
    });
    await writeReport(result, flags.report);
    await writeWhole(
      flags.findings,
      [...findings(result)].map((finding) => `${JSON.stringify(finding)}\n`).join(''),
    );
    return result;
  } finally {
    line.end();
  }
}

export function print(result: ScanResult, top: number): void {
  printFiles(result.files);
  printPeople(result, top);
  printSigma(result);
  printRest(result);
}

function atOrAbove(result: ScanResult, band: 'watch' | 'review' | 'urgent'): number {
  const order = ['watch', 'review', 'urgent'] as const;
  return order.slice(order.indexOf(band)).reduce((sum, name) => sum + result.bands[name], 0);
}
