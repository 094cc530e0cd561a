import type { Content } from '../content/load.js';
import type { Policy } from '../model/policy.js';
import { readRules } from './rules.js';
import { givenPacks, packIsOn } from './run.js';

export interface ListedPack {
  id: string;
  title: string;
  state: 'on' | 'off';
  rules: number;
  correlations: number;
  /** Switched off one by one. */
  off: number;
  errors: number;
  licenses: string[];
}

/** Packs that ship and folders that a policy names, with what they hold. */
export async function listPacks(content: Content, policy: Policy): Promise<ListedPack[]> {
  const given = await givenPacks(policy, []);
  return [...content.packs, ...given].map((pack) => {
    const { entries } = readRules([pack], policy);
    const kinds = (kind: string) => entries.filter(({ loaded }) => loaded.rule.kind === kind).length;
    const licenses = entries.flatMap(({ loaded }) => loaded.rule.license ?? pack.license ?? []);
    return {
      id: pack.id,
      title: pack.title,
      state: given.includes(pack) || packIsOn(pack, policy) ? 'on' : 'off',
      rules: kinds('detection'),
      correlations: kinds('correlation'),
      off: entries.filter((entry) => entry.off).length,
      errors: entries.filter((entry) => entry.refusal?.reason === 'rule').length,
      licenses: [...new Set(licenses)].sort(),
    };
  });
}
