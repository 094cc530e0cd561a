/** All content that people carry out, read together: whoever starts a server learns of every problem at once. */
import { RollcallError } from '../model/errors.js';
import { type CheckForm, loadChecks } from './checks.js';
import type { Content } from './load.js';
import { loadPlaybooks, type Playbooks } from './playbooks.js';
import { loadTraining, type Module } from './training.js';
import { type Clauses, loadVendorContent, type Questionnaire } from './vendors.js';

export interface ForPeople extends Playbooks {
  checks: CheckForm[];
  courses: Module[];
  questionnaire: Questionnaire;
  clauses: Clauses;
}

/** @throws RollcallError CONTENT_INVALID, with file and line of each problem. */
export async function loadForPeople(
  content: Pick<Content, 'folder' | 'detections' | 'questions'>,
): Promise<ForPeople> {
  const { folder } = content;
  const problems: string[] = [];
  const read = async <T>(loading: Promise<T>): Promise<T | undefined> => {
    try {
      return await loading;
    } catch (error) {
      const { code, path } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && path) problems.push(`${path}: is missing`);
      else if (error instanceof RollcallError && error.code === 'CONTENT_INVALID')
        problems.push(error.message);
      else throw error;
      return undefined;
    }
  };
  const checks = await read(loadChecks(folder));
  const playbooks = await read(loadPlaybooks(folder));
  const courses = await read(loadTraining(folder));
  const vendors = await read(loadVendorContent(folder));
  for (const check of checks ?? []) {
    const asked = check.when.flatMap((when) => (when.trigger === 'finding' ? when.detections : []));
    for (const id of asked)
      if (!content.detections.some((one) => one.id === id))
        problems.push(`${check.file}: when: there is no detection "${id}"`);
    for (const id of check.questions ?? [])
      if (!content.questions.some((one) => one.id === id))
        problems.push(`${check.file}: questions: there is no question "${id}"`);
  }
  if (!checks || !playbooks || !courses || !vendors || problems.length > 0)
    throw new RollcallError('CONTENT_INVALID', problems.join('\n'));
  return { ...playbooks, checks, courses, ...vendors };
}
