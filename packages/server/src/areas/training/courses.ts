import { createHash } from 'node:crypto';
import { type Audience, loadTraining, type Module } from '@rollcall/engine/content/training.js';
import type { Role, User } from '../../model/roles.js';

/** Which courses are asked of which roles, beside those for everybody. */
const audienceOf: Record<Role, readonly Audience[]> = {
  admin: [],
  analyst: [],
  recruiter: ['recruiters'],
  hr: ['recruiters', 'managers', 'payroll'],
  it: ['it', 'shipping'],
  counsel: [],
  auditor: [],
};

/** Share of required courses that should be done within their time. */
export const target = 0.95;

export interface Course extends Module {
  version: string;
}

const loaded = new Map<string, Promise<readonly Course[]>>();

/** The courses of a content folder, read once. */
export function courses(folder: string): Promise<readonly Course[]> {
  const known = loaded.get(folder);
  if (known) return known;
  const made = loadTraining(folder).then((list) =>
    list.map((module) => ({
      ...module,
      version: createHash('sha256').update(JSON.stringify(module)).digest('hex').slice(0, 8),
    })),
  );
  loaded.set(folder, made);
  return made;
}

export function isFor(course: Course, roles: readonly Role[]): boolean {
  return (
    course.for.includes('everybody') ||
    roles.some((role) => audienceOf[role].some((audience) => course.for.includes(audience)))
  );
}

/** The choices of a task in an order that differs by reader, so that the right one has no place of its own. */
export function shuffled<T>(
  choices: readonly T[],
  user: User,
  course: Course,
  task: number,
): { choice: number; of: T }[] {
  const place = (index: number) =>
    createHash('sha256').update(`${user.id} ${course.id} ${task} ${index}`).digest('hex');
  return choices
    .map((of, choice) => ({ choice, of, at: place(choice) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ choice, of }) => ({ choice, of }));
}

/** The day until which a course passed at a time counts. */
export function countsUntil(course: Course, passedAt: Date): Date {
  const until = new Date(passedAt);
  until.setUTCMonth(until.getUTCMonth() + course.counts_months);
  return until;
}
