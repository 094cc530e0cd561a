import {
  isCorrelation,
  loadRules,
  type PlannedCorrelation,
  type PlannedRule,
  ruleKey,
} from '@rollcall/sigma';
import type { Detection } from '../content/detection.js';
import { type FieldMap, logSourceText, reads } from './field-map.js';
import type { Pack } from './pack.js';
import type { RuleEntry } from './rules.js';
import { sigmaWallProblems } from './wall.js';

/** Detections of content that are written in Sigma: a pack of their own, each a file that stands alone. */

type Planned = PlannedRule | PlannedCorrelation;

/** The rules of all detections in Sigma; absent where there are none. */
export function ownPack(detections: readonly Detection[]): Pack | undefined {
  const sources = detections.flatMap(({ id, sigma }) =>
    sigma === undefined ? [] : [{ file: id, text: sigma }],
  );
  return sources.length > 0
    ? { id: 'detections', title: 'Detections in Sigma', sources, own: true }
    : undefined;
}

/** Rules of packs that do not report, since a detection looks for the same: id → detection. */
export function coveredRules(detections: readonly Detection[]): Map<string, string> {
  return new Map(detections.flatMap(({ id, instead_of }) => (instead_of ?? []).map((rule) => [rule, id])));
}

/** Of each detection in Sigma the rule that reports: the one that no other of its file reads. */
export function reportsOf(entries: readonly RuleEntry[]): Map<Planned, string> {
  const own = entries.filter(({ pack }) => pack.own);
  const fed = new Set(
    own.flatMap(({ planned }) => (planned && isCorrelation(planned) ? [...planned.inputs] : [])),
  );
  return new Map(own.flatMap(({ file, planned }) => (planned && !fed.has(planned) ? [[planned, file]] : [])));
}

/** A detection in Sigma as content is loaded: what is wrong, each with file and line, and the logs it needs. */
export function checkOwn(
  detection: Detection,
  maps: readonly FieldMap[],
): { problems: string[]; needs: string[] } {
  const { file } = detection;
  const loaded = loadRules([{ file, text: detection.sigma ?? '' }]);
  const problems = loaded.problems
    .filter(({ severity }) => severity === 'error')
    .map(({ at, message }) => `${file}:${at.line}: ${message}`);
  const needs = new Set<string>();
  for (const { rule, planned } of loaded.rules) {
    const at = `${file}:${rule.at.line}`;
    for (const problem of sigmaWallProblems(rule)) problems.push(`${at}: ${problem}`);
    if (rule.kind === 'filter')
      problems.push(
        `${at}: a detection holds rules and correlations: put what a filter leaves out into them`,
      );
    if (rule.kind !== 'detection' || !planned) continue;
    const sources = maps.filter((map) => map.logs.some((log) => reads(rule.logsource, log)));
    if (sources.length === 0) problems.push(`${at}: no field map for ${logSourceText(rule.logsource)}`);
    else needs.add([...new Set(sources.map(({ source }) => `records.${source}`))].sort().join(' or '));
  }
  if (problems.length > 0) return { problems, needs: [] };
  const loud = loaded.rules.filter(({ planned }) => planned && !loaded.set.silent.has(planned));
  if (loud.length !== 1)
    problems.push(
      `${file}:${(loud[1] ?? loaded.rules[0])?.rule.at.line ?? 1}: ${loud.length === 0 ? 'none of its rules reports' : `${loud.map(({ rule }) => `“${rule.title}”`).join(' and ')} report`}: exactly one does, and the others feed it`,
    );
  return { problems, needs: [...needs].sort() };
}

/**
 * What is wrong between detections in Sigma and the packs that ship: names that two of them have, so that a reference from a
 * company's own rules would be unclear, and `instead_of` that names no rule.
 */
export function ownClashes(detections: readonly Detection[], packs: readonly Pack[]): string[] {
  const own = detections.filter(({ sigma }) => sigma !== undefined);
  if (own.length === 0) return [];
  const shipped = loadRules(packs.flatMap(({ sources }) => [...sources])).rules;
  const keys = new Set(shipped.map(({ rule }) => ruleKey(rule)));
  const names = new Map(
    shipped.flatMap(({ file, rule }) => [rule.id, rule.name].flatMap((name) => (name ? [[name, file]] : []))),
  );
  const problems: string[] = [];
  for (const { file, sigma, instead_of } of own) {
    for (const key of instead_of ?? []) {
      if (!keys.has(key)) problems.push(`${file}: instead_of: no rule that ships has the id ${key}`);
    }
    for (const { rule } of loadRules([{ file, text: sigma ?? '' }]).rules) {
      for (const name of new Set([rule.id, rule.name])) {
        if (name === undefined) continue;
        const other = names.get(name);
        if (other !== undefined && other !== file)
          problems.push(`${file}:${rule.at.line}: a rule of ${other} is called "${name}" too`);
        names.set(name, file);
      }
    }
  }
  return problems;
}
