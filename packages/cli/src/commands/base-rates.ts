/** `rollcall base-rates`: how often each thing is found among the company's own people, and what that does to its weight. */
import { existsSync } from 'node:fs';
import { loadContent, loadPolicy, RollcallError, type ScanResult, scan } from '@rollcall/engine';
import { bold, dim, ProgressLine, safe } from '../terminal.js';

export interface BaseRatesFlags {
  lake: string;
  policy?: string;
  asOf?: Date;
  sigma?: string[];
  content?: string;
  all?: boolean;
  json?: boolean;
}

type Rate = ScanResult['detections'][number]['rates'][number] & {
  detection: string;
  title: string;
  amongWhom?: string;
};

/** A change of weight that is worth a line by itself, in bits. */
const noted = 0.5;

/** Assesses the lake as it is and lists base rates, those that move a weight most first, applicants and workers apart. */
export async function listBaseRates(flags: BaseRatesFlags): Promise<number> {
  if (!existsSync(flags.lake))
    throw new RollcallError(
      'LAKE_MISSING',
      `${flags.lake} holds no scan yet; run "rollcall scan FOLDER" first`,
    );
  const line = new ProgressLine(flags.json ?? false);
  let result: ScanResult;
  try {
    result = await scan({
      lake: flags.lake,
      content: await loadContent(flags.content, { withoutTests: true }),
      policy: await loadPolicy(flags.policy),
      ...(flags.asOf ? { asOf: flags.asOf } : {}),
      ...(flags.sigma ? { sigma: flags.sigma } : {}),
      onProgress: (progress) => line.update(progress),
    });
  } finally {
    line.end();
  }
  const rates = ratesOf(result);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(rates, null, 1)}\n`);
    return 0;
  }
  for (const population of ['workers', 'applicants'] as const)
    print(
      population,
      rates.filter((rate) => rate.population === population),
      flags.all ?? false,
    );
  console.log(
    'Own: how many honest people show it by the figure of the detection. Used: that figure, corrected by what was counted here.\nWhat an explanation accounts for is not counted.',
  );
  return 0;
}

/** Every base rate of a result, those that move a weight most first. */
export function ratesOf(result: ScanResult): Rate[] {
  return result.detections
    .flatMap((detection) =>
      detection.rates.map((rate) => ({
        detection: detection.id,
        title: detection.title,
        ...(detection.amongWhom === undefined ? {} : { amongWhom: detection.amongWhom }),
        ...rate,
      })),
    )
    .sort(
      (a, b) =>
        Math.abs(b.bits - b.ownBits) - Math.abs(a.bits - a.ownBits) ||
        (a.detection < b.detection ? -1 : a.detection > b.detection ? 1 : 0),
    );
}

function print(population: string, rates: readonly Rate[], all: boolean): void {
  if (rates.length === 0) return;
  console.log(bold(population === 'workers' ? 'Workers' : 'Applicants'));
  console.log(dim('     own    used       bits         found'));
  const shown = rates.filter((rate) => all || rate.seenIn > 0 || Math.abs(rate.bits - rate.ownBits) >= noted);
  for (const rate of shown) {
    console.log(
      `${share(rate.own)}  ${share(rate.used)}  ${bits(rate.ownBits)} → ${bits(rate.bits)}  ${bold(safe(rate.title, 120))}`,
    );
    console.log(dim(`                                  ${safe(rate.says, 240)} ${rate.detection}`));
  }
  if (shown.length < rates.length)
    console.log(
      dim(
        `… and ${rates.length - shown.length} that were found in nobody and weigh about what they did: see --all`,
      ),
    );
  console.log();
}

function share(value: number): string {
  const percent = value * 100;
  return `${percent < 0.1 ? percent.toFixed(2) : percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`.padStart(
    7,
  );
}

function bits(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(1)}`.padStart(5);
}
