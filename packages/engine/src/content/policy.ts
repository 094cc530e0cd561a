import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { RollcallError } from '../model/errors.js';
import { type Policy, policySchema } from '../model/policy.js';
import { parseYaml } from './load.js';

/** The policy of a file, or the default one. Problems are all reported, with file and line. */
export async function loadPolicy(path?: string): Promise<Policy> {
  if (!path) return policySchema.parse({});
  if (!existsSync(path)) throw new RollcallError('POLICY_INVALID', `${path} does not exist`);
  const problems: string[] = [];
  const policy = parseYaml(path, await readFile(path, 'utf8'), policySchema, problems);
  if (!policy) throw new RollcallError('POLICY_INVALID', problems.join('\n'));
  // Folders of rules are meant from where the policy file is.
  for (const entry of policy.sigma.directories) entry.path = resolve(dirname(path), entry.path);
  if (policy.facts.directory !== undefined)
    policy.facts.directory = resolve(dirname(path), policy.facts.directory);
  return policy;
}
