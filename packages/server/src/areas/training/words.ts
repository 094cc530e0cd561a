/** What the pages on training read and send. */
import { z } from '@hono/zod-openapi';

export const courseSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    for: z.array(z.string()),
    minutes: z.number(),
    why: z.string(),
    /** Asked of the one who is signed in, by their roles. */
    mine: z.boolean(),
    /** Until when it counts; absent where it was not passed. ISO 8601. */
    doneUntil: z.string().optional(),
    lastAt: z.string().optional(),
    lastRight: z.number().optional(),
    tasks: z.number(),
  })
  .openapi('Course');
export type Course = z.infer<typeof courseSchema>;

export const coursePageSchema = courseSchema.extend({
  sources: z.array(z.string()),
  passesAt: z.number(),
  parts: z.array(z.object({ title: z.string(), says: z.array(z.string()) })),
  /** Choices in an order of their own for each reader; `choice` is what is sent back. */
  asked: z.array(
    z.object({
      situation: z.array(z.string()),
      ask: z.string(),
      choices: z.array(z.object({ choice: z.number(), says: z.string() })),
    }),
  ),
});
export type CoursePage = z.infer<typeof coursePageSchema>;

export const answersSchema = z.object({ answers: z.array(z.number().int().min(0)).max(50) });

export const resultSchema = z
  .object({
    passed: z.boolean(),
    right: z.number(),
    tasks: z.number(),
    /** For each task: whether it was right, and why. */
    answers: z.array(z.object({ right: z.boolean(), because: z.string(), better: z.string().optional() })),
  })
  .openapi('CourseResult');
export type CourseResult = z.infer<typeof resultSchema>;

export const sessionSchema = z.object({
  group: z.string().trim().min(1).max(120),
  attended: z.number().int().min(0).max(100_000),
  invited: z.number().int().min(1).max(100_000),
  heldOn: z.iso.date(),
});

export const overviewSchema = z
  .object({
    /** Share of required courses that are done, of all accounts: 0 to 1. */
    share: z.number(),
    target: z.number(),
    accounts: z.array(
      z.object({
        name: z.string(),
        roles: z.array(z.string()),
        courses: z.array(
          z.object({ module: z.string(), title: z.string(), doneUntil: z.string().optional() }),
        ),
      }),
    ),
    sessions: z.array(
      sessionSchema.extend({ module: z.string(), title: z.string(), recordedBy: z.string() }),
    ),
  })
  .openapi('TrainingOverview');
export type TrainingOverview = z.infer<typeof overviewSchema>;
