import { readFile, stat } from 'node:fs/promises';
import { RollcallError } from '@rollcall/engine/model/errors.js';
import { limits } from '@rollcall/server/areas/response/bundle/format.js';
import { verifyBundle } from '@rollcall/server/areas/response/bundle/verify.js';
import { bold, dim, safe } from '../terminal.js';

/** 0: nothing is in doubt. 1: something is. */
export async function bundleVerify(path: string, flags: { key?: string; json?: boolean }): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new RollcallError('ARGUMENT_INVALID', `there is no file ${safe(path)}`);
  if (found.size > limits.bytes)
    throw new RollcallError('ARGUMENT_INVALID', `${safe(path)} is larger than any bundle`);
  const key =
    flags.key === undefined
      ? undefined
      : await readFile(flags.key, 'utf8').catch(() => {
          throw new RollcallError('ARGUMENT_INVALID', `the key ${safe(flags.key ?? '')} cannot be read`);
        });
  const verdict = verifyBundle(await readFile(path), key);
  const code = verdict.good ? 0 : 1;
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(verdict, null, 1)}\n`);
    return code;
  }
  const { manifest } = verdict;
  const lines = verdict.good
    ? [bold('This bundle is what was sealed.')]
    : [
        bold('This bundle must not be relied on.'),
        ...verdict.problems.map((problem) => `  ${safe(problem, 400)}`),
      ];
  if (manifest) {
    lines.push(
      '',
      // Of a bundle in doubt, what it says of itself is in doubt too.
      verdict.good ? 'What it is' : 'What it says of itself, which may be false',
      `  case      ${manifest.case.number}, “${safe(manifest.case.title)}”, opened ${safe(manifest.case.openedAt)}`,
      `  sealed    ${safe(manifest.madeAt)} by ${safe(manifest.madeBy.name)}`,
      `  why       ${safe(manifest.why, 400)}`,
      `  from      Rollcall ${safe(manifest.software.version)}, content ${safe(manifest.software.content)}, records as of ${safe(manifest.asOf)}`,
      `  files     ${manifest.entries.length}`,
      ...manifest.leftOut.map((one, i) => `  ${i === 0 ? 'left out ' : '         '} ${safe(one, 400)}`),
    );
  }
  lines.push('', `  SHA-256   ${verdict.sha256}`);
  if (verdict.fingerprint) lines.push(`  key       ${verdict.fingerprint}`);
  if (verdict.good && key === undefined)
    lines.push(
      '',
      dim('This compares it with the key inside it. Whether that key is the company’s shows only --key, or'),
      dim('comparing the fingerprint with one you were given by another way.'),
    );
  process.stdout.write(`${lines.join('\n')}\n`);
  return code;
}
