import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../testing.js';
import { courses } from './courses.js';
import { area } from './index.js';
import type { Course, CoursePage, CourseResult, TrainingOverview } from './words.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

const right = async (module: string) =>
  (await courses(server.services.content.folder))
    .find((one) => one.id === module)
    ?.tasks.map((task) => task.choices.findIndex((choice) => choice.right)) ?? [];

describe('training', () => {
  it('asks of each role what its work needs, and of everybody the course on fairness', async () => {
    const mine = async (role: 'recruiter' | 'it') =>
      (await server.as(role)<{ courses: Course[] }>('GET', '/training')).body.courses
        .filter((one) => one.mine)
        .map((one) => one.id);
    expect(await mine('recruiter')).toEqual(['fairness', 'recruiters']);
    expect(await mine('it')).toEqual(['fairness', 'it', 'shipping']);
  });

  it('never tells which choice is right before it is answered, and puts it in no place of its own', async () => {
    const places = new Set<number>();
    for (const role of ['recruiter', 'it', 'hr', 'counsel', 'auditor', 'admin', 'analyst'] as const) {
      const page = (await server.as(role)<CoursePage>('GET', '/training/fairness')).body;
      expect(JSON.stringify(page)).not.toMatch(/"right"|"because"/);
      const wanted = await right('fairness');
      page.asked.forEach((task, index) => {
        places.add(task.choices.findIndex((choice) => choice.choice === wanted[index]));
      });
    }
    expect(places.size).toBeGreaterThan(1);
  });

  it('is passed with the right answers, counts for its time, and is asked for again after that', async () => {
    const as = server.as('recruiter');
    const answers = await right('recruiters');
    const failed = await as<CourseResult>('POST', '/training/recruiters/answers', {
      answers: answers.map((choice) => (choice + 1) % 3),
    });
    expect(failed.body).toMatchObject({ passed: false, right: 0 });
    expect(failed.body.answers[0]?.better).toBeTruthy();
    const done = async () =>
      (await as<{ courses: Course[] }>('GET', '/training')).body.courses.find(
        (one) => one.id === 'recruiters',
      )?.doneUntil;
    expect(await done()).toBeUndefined();
    expect((await as<CourseResult>('POST', '/training/recruiters/answers', { answers })).body.passed).toBe(
      true,
    );
    expect(await done()).toBe('2027-06-01T09:00:00.000Z');
    server.at('2027-06-02T09:00:00.000Z');
    expect(await done()).toBeUndefined();
    server.at('2026-06-01T09:00:00.000Z');
  });

  it('refuses answers that are missing or no choice', async () => {
    const as = server.as('it');
    expect((await as('POST', '/training/it/answers', { answers: [0] })).status).toBe(422);
    expect((await as('POST', '/training/it/answers', { answers: [0, 1, 99] })).status).toBe(422);
    expect((await as('POST', '/training/none/answers', { answers: [] })).status).toBe(404);
  });

  it('shows who has done what to those who run it, and counts what is missing as exposure', async () => {
    expect((await server.as('it')('GET', '/training/overview')).status).toBe(403);
    const { body } = await server.as('hr')<TrainingOverview>('GET', '/training/overview');
    expect(body.share).toBeLessThan(0.95);
    const [exposure] = (await area.exposures?.(server.services)) ?? [];
    expect(exposure?.says).toMatch(/have not done the training/);
    expect(JSON.stringify(exposure)).not.toContain('Account');
  });

  it('records a course held in a room, with plausible counts only', async () => {
    const as = server.as('hr');
    const held = { group: 'Payroll, <b>second</b> floor', attended: 4, invited: 5, heldOn: '2026-05-20' };
    expect((await as('POST', '/training/payroll/sessions', held)).status).toBe(200);
    expect((await as('POST', '/training/payroll/sessions', { ...held, attended: 6 })).status).toBe(422);
    expect((await as('POST', '/training/payroll/sessions', { ...held, heldOn: '2027-01-01' })).status).toBe(
      422,
    );
    const { sessions } = (await as<TrainingOverview>('GET', '/training/overview')).body;
    expect(sessions).toMatchObject([{ group: held.group, attended: 4, recordedBy: 'Account user-hr' }]);
  });
});
