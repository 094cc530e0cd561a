/** What is asked of firms that send people, and what contracts with them should say: `content/vendors/`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RollcallError } from '../model/errors.js';
import { contentFolder, parseYaml } from './load.js';

const id = z.string().regex(/^[a-z][a-z0-9-]*$/);
const unique = (list: readonly { id: string }[]) => new Set(list.map((one) => one.id)).size === list.length;

export const questionnaireSchema = z.strictObject({
  title: z.string().min(1),
  why: z.string().min(1),
  sources: z.array(z.string()).min(1),
  /** Days after which the answers are asked for again. */
  counts_days: z.number().int().positive(),
  questions: z
    .array(
      z.strictObject({
        id,
        ask: z.string().min(1),
        /** What a good answer says. */
        good: z.string().min(1),
        /** How much of the score hangs on it. */
        weight: z.number().int().min(1).max(3),
      }),
    )
    .min(1)
    .refine(unique, { error: 'two questions have one id' }),
});
export type Questionnaire = z.infer<typeof questionnaireSchema>;

export const clausesSchema = z.strictObject({
  title: z.string().min(1),
  why: z.string().min(1),
  sources: z.array(z.string()).min(1),
  clauses: z
    .array(z.strictObject({ id, title: z.string().min(1), required: z.boolean(), says: z.string().min(1) }))
    .min(1)
    .refine(unique, { error: 'two clauses have one id' }),
});
export type Clauses = z.infer<typeof clausesSchema>;

/** @throws RollcallError CONTENT_INVALID, with file and line of each problem. */
export async function loadVendorContent(
  folder: string = contentFolder,
): Promise<{ questionnaire: Questionnaire; clauses: Clauses }> {
  const problems: string[] = [];
  const read = async <T>(name: string, schema: z.ZodType<T>) => {
    const path = join(folder, 'vendors', name);
    return parseYaml(path, await readFile(path, 'utf8'), schema, problems);
  };
  const questionnaire = await read('questionnaire.yml', questionnaireSchema);
  const clauses = await read('clauses.yml', clausesSchema);
  if (!questionnaire || !clauses) throw new RollcallError('CONTENT_INVALID', problems.join('\n'));
  return { questionnaire, clauses };
}
