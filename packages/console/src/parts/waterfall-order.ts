/** In which order the steps of a waterfall are told, and which small ones stand together under one line. */
import type { WaterfallStep } from '@rollcall/engine/model/result.js';

/** Up to this many counted bits, as they are shown, a finding is small, in either direction. */
const small = 0.5;
/** Fewer small ones than this are not worth hiding. */
const fewest = 3;

export interface StepPart {
  kind: 'step';
  /** Its place in the person's waterfall: what addresses and letters go by. */
  index: number;
}

export interface FoldPart {
  kind: 'fold';
  /** Whether what is folded weighs against the person or speaks for them. */
  side: 'against' | 'for';
  indices: number[];
  bits: number;
}

/**
 * Where everybody starts, then what weighs against the person and what speaks for them, each with what counts most
 * first. A reason somebody recorded is never folded away.
 */
export function waterfallParts(steps: readonly WaterfallStep[]): (StepPart | FoldPart)[] {
  const indices = steps.map((_, index) => index);
  const of = (index: number) => steps[index] as WaterfallStep;
  const size = (index: number) => Math.abs(of(index).bits);
  const isSmall = (index: number) => Number(size(index).toFixed(1)) <= small;
  const full = (index: number) => Math.abs(of(index).fullBits ?? of(index).bits);
  const speaksFor = (index: number) => (of(index).fullBits ?? of(index).bits) < 0;
  const counted = indices.filter((index) => of(index).kind !== 'prior' && of(index).kind !== 'explained');
  const side = (which: FoldPart['side']): (StepPart | FoldPart)[] => {
    const all = counted
      .filter((index) => speaksFor(index) === (which === 'for'))
      .sort((a, b) => size(b) - size(a) || full(b) - full(a) || a - b);
    const little = all.filter((index) => isSmall(index));
    if (little.length < fewest) return all.map((index) => ({ kind: 'step', index }));
    const bits = little.reduce((sum, index) => sum + of(index).bits, 0);
    return [
      ...all.filter((index) => !isSmall(index)).map((index): StepPart => ({ kind: 'step', index })),
      { kind: 'fold', side: which, indices: little, bits },
    ];
  };
  const ofKind = (kind: WaterfallStep['kind']) =>
    indices.filter((index) => of(index).kind === kind).map((index): StepPart => ({ kind: 'step', index }));
  return [...ofKind('prior'), ...side('against'), ...ofKind('explained'), ...side('for')];
}

/** The same as places in the person's waterfall, folded or not. */
export function waterfallOrder(steps: readonly WaterfallStep[]): number[] {
  return waterfallParts(steps).flatMap((part) => (part.kind === 'fold' ? part.indices : [part.index]));
}
