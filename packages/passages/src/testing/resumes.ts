import type { PassageDocument } from '../shared-passages.js';

/** Points of made-up résumés; no two share wording beyond what their trade brings. */
export const points = {
  turbines:
    'Rewired the vibration telemetry of offshore turbines so that gearbox bearings report fatigue before maintenance crews sail',
  ledger:
    'Untangled a double-entry ledger whose nightly reconciliation stalled on rounding drift between euro and krona settlements',
  orchard:
    'Taught orchard growers to read soil moisture probes through a plain phone menu, cutting needless irrigation on sandy slopes',
  kernels:
    'Traced intermittent packet loss to a mutex held across an interrupt handler inside the storage driver of our edge routers',
  museum:
    'Catalogued twelve thousand glass negatives for a maritime museum, pairing handwritten captions with scanned harbour charts',
  triage:
    'Rebuilt the triage queue of a children hospital around nurse shifts instead of arrival order, which halved corridor waiting',
  parcels:
    'Persuaded three rival couriers to label parcels with one shared barcode, ending the nightly relabelling at the depot',
  speech:
    'Compressed a speech recogniser for hearing aids until its acoustic lattice fitted in a quarter megabyte of flash',
} as const;

export type Point = keyof typeof points;

/** A résumé with the given points, one a line. */
export function resume(name: string, ...lines: string[]): PassageDocument {
  const head = [
    `${name} Example`,
    `${name}@example.com | +1 555 0100`,
    '',
    'Experience',
    'Engineer, Example Ltd',
  ];
  return {
    id: `${name}.txt`,
    owner: name,
    text: [...head, ...lines.map((line) => `• ${line}.`), '', 'Skills', 'Python, Java, Go, SQL, Kafka'].join(
      '\n',
    ),
  };
}

/** Résumés of strangers, each with wording of its own, so that there is something to be rare among. */
export function strangers(count: number): PassageDocument[] {
  const parts = 'ka lo mi ru te sa no vi del pra hus gen tor bel fin mar zo ques jor wip'.split(' ');
  const word = (seed: number) =>
    [0, 1, 2].map((at) => parts[Math.floor(seed * 7.31 ** (at + 1) + at * 3.7) % parts.length]).join('');
  return Array.from({ length: count }, (_, at) =>
    resume(
      `stranger${at}`,
      ...[0, 1, 2].map((line) =>
        Array.from({ length: 11 }, (_, place) => word(at * 131 + line * 37 + place * 17 + 1)).join(' '),
      ),
    ),
  );
}
