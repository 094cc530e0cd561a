/** Short courses for those who hire, ship, pay and help: `content/training/<id>.yml`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RollcallError } from '../model/errors.js';
import { contentFolder, parseYaml } from './load.js';

/** Whom a course is for; `everybody` is for all of them. */
export const audiences = ['everybody', 'recruiters', 'managers', 'it', 'payroll', 'shipping'] as const;
export type Audience = (typeof audiences)[number];

export const moduleSchema = z.strictObject({
  title: z.string().min(1),
  for: z.array(z.enum(audiences)).min(1),
  minutes: z.number().int().min(3).max(30),
  why: z.string().min(1),
  sources: z.array(z.string()).min(1),
  /** Months after which it is done again. */
  counts_months: z.number().int().positive(),
  parts: z
    .array(z.strictObject({ title: z.string().min(1), says: z.array(z.string().min(1)).min(1) }))
    .min(1),
  /** Made-up people and situations to judge. */
  tasks: z
    .array(
      z
        .strictObject({
          /** What is known, as somebody at work would have it. */
          situation: z.array(z.string().min(1)).min(1),
          ask: z.string().min(1),
          choices: z
            .array(
              z.strictObject({
                says: z.string().min(1),
                right: z.boolean().default(false),
                /** What is said to somebody who chose it. */
                because: z.string().min(1),
              }),
            )
            .min(2),
        })
        .refine((task) => task.choices.filter((choice) => choice.right).length === 1, {
          error: 'one choice is right, and only one',
        }),
    )
    .min(3),
  /** Share of tasks that must be right. */
  passes_at: z.number().min(0.5).max(1),
});
export type Module = z.infer<typeof moduleSchema> & { id: string };

/** @throws RollcallError CONTENT_INVALID, with file and line of each problem. */
export async function loadTraining(folder: string = contentFolder): Promise<Module[]> {
  const problems: string[] = [];
  const modules: Module[] = [];
  const names = await readdir(join(folder, 'training')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter((one) => one.endsWith('.yml')).sort()) {
    const path = join(folder, 'training', name);
    const read = parseYaml(path, await readFile(path, 'utf8'), moduleSchema, problems);
    if (read) modules.push({ ...read, id: name.slice(0, -4) });
  }
  if (problems.length > 0) throw new RollcallError('CONTENT_INVALID', problems.join('\n'));
  return modules;
}
