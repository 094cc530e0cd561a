/** Walks the detections of a rule. Rules are never changed in place; what does not change is shared. */
import type { Detection, DetectionItem, DetectionRule, FilterRule } from '../rule.js';
import { maxDetectionDepth, maxDetectionItems, Refusal } from './limits.js';

export type RuleWithDetections = DetectionRule | FilterRule;

/**
 * Each item replaced by what `change` gives: the same item, another, a tree of items, or `undefined` to leave
 * it out. Groups that end up empty are left out too; what replaces an item is not visited again.
 */
export function mapItems(
  detection: Detection,
  change: (item: DetectionItem) => Detection | undefined,
): Detection | undefined {
  if (detection.kind === 'item') return change(detection);
  let changed = false;
  const items: Detection[] = [];
  for (const child of detection.items) {
    const result = mapItems(child, change);
    if (result !== child) changed = true;
    if (result === undefined) continue;
    if (result !== child && result.kind === detection.kind) items.push(...result.items);
    else items.push(result);
  }
  if (!changed) return detection;
  if (items.length === 0) return undefined;
  return items.length === 1 ? items[0] : { ...detection, items };
}

/** The rule with its items changed, and the search identifiers of which nothing is left. */
export function mapRuleItems<R extends RuleWithDetections>(
  rule: R,
  change: (item: DetectionItem) => Detection | undefined,
): { rule: R; emptied: ReadonlySet<string> } {
  const emptied = new Set<string>();
  const detections = new Map<string, Detection>();
  let changed = false;
  for (const [name, detection] of rule.detections) {
    const result = mapItems(detection, change);
    if (result !== detection) changed = true;
    if (result === undefined) emptied.add(name);
    else detections.set(name, result);
  }
  if (!changed) return { rule, emptied };
  checkSize(rule, detections);
  return { rule: { ...rule, detections }, emptied };
}

function checkSize(before: RuleWithDetections, after: ReadonlyMap<string, Detection>): void {
  let size = 0;
  for (const detection of after.values()) {
    const measured = measure(detection);
    size += measured.size;
    if (measured.depth > maxDetectionDepth) {
      throw new Refusal('limit', before.at, `the rule grows deeper than ${maxDetectionDepth} levels`);
    }
  }
  if (size <= maxDetectionItems) return;
  let written = 0;
  for (const detection of before.detections.values()) written += measure(detection).size;
  if (size > written) {
    throw new Refusal('limit', before.at, `the rule grows beyond ${maxDetectionItems} detection items`);
  }
}

function measure(detection: Detection): { size: number; depth: number } {
  if (detection.kind === 'item') return { size: 1, depth: 1 };
  let size = 0;
  let depth = 0;
  for (const child of detection.items) {
    const inner = measure(child);
    size += inner.size;
    depth = Math.max(depth, inner.depth);
  }
  return { size, depth: depth + 1 };
}

/** Every item of a detection, in the order written. */
export function* itemsOf(detection: Detection): Generator<DetectionItem> {
  if (detection.kind === 'item') yield detection;
  else for (const child of detection.items) yield* itemsOf(child);
}

/** Every item of a rule. */
export function* ruleItems(rule: RuleWithDetections): Generator<DetectionItem> {
  for (const detection of rule.detections.values()) yield* itemsOf(detection);
}

/** One detection of several. */
export function group(
  kind: 'all' | 'any',
  items: readonly [Detection, ...Detection[]],
  at: Detection['at'],
): Detection {
  return items.length === 1 ? items[0] : { kind, items, at };
}

/**
 * How items that together stand for one item are linked: like its values, and the other way round where the
 * item says what must not be.
 */
export function linkOf(modifiers: readonly string[]): 'all' | 'any' {
  return modifiers.includes('all') !== modifiers.includes('neq') ? 'all' : 'any';
}
