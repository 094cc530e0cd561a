import type { CoursePage, CourseResult } from '@rollcall/server/areas/training/words.js';
import { useState } from 'react';
import { count, day } from '../../format.js';
import { Section } from '../../parts/Section.js';
import { href, type Route } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Loaded } from '../parts/Loaded.js';
import '../style/training.css';

export function ModulePage({ route }: { route: Route }) {
  const course = useGet<CoursePage>(`/training/${encodeURIComponent(route.id)}`, ['training']);
  return <Loaded of={course}>{(data) => <OneCourse course={data} />}</Loaded>;
}

function OneCourse({ course }: { course: CoursePage }) {
  const [result, setResult] = useState<CourseResult>();
  return (
    <div className="course">
      <div className="page-head">
        <p className="steps">
          <a href={href('training')}>All courses</a>
        </p>
        <h1>{course.title}</h1>
        <p className="lead">{course.why}</p>
        <p className="quiet">
          {count(course.minutes)} minutes.{' '}
          {course.doneUntil ? `Done; it counts until ${day(course.doneUntil)}.` : 'Not done yet.'} Everybody
          in it is made up.
        </p>
      </div>
      {course.parts.map((part, index) => (
        <Section key={part.title} id={`part-${index}`} title={part.title}>
          <ul>
            {part.says.map((says) => (
              <li key={says}>{says}</li>
            ))}
          </ul>
        </Section>
      ))}
      <Section
        id="tasks"
        title="What would you do?"
        lead={`${count(Math.ceil(course.passesAt * course.asked.length - 1e-9))} of ${count(course.asked.length)} right is a pass. You may try as often as you like.`}
      >
        <Act
          label="Answers"
          word="Hand in"
          act={async (fields) => {
            const answers = course.asked.map((_, index) => Number(fields.get(`task-${index}`)));
            setResult(
              await send<CourseResult>('POST', `/training/${encodeURIComponent(course.id)}/answers`, {
                answers,
              }),
            );
            document.getElementById('result')?.focus();
          }}
        >
          {course.asked.map((task, index) => (
            <fieldset key={task.situation.join(' ')}>
              <legend>
                {count(index + 1)}. {task.ask}
              </legend>
              {task.situation.map((line) => (
                <p key={line}>{line}</p>
              ))}
              {task.choices.map((choice) => (
                <label key={choice.choice} className="choice">
                  <input type="radio" name={`task-${index}`} value={choice.choice} required /> {choice.says}
                </label>
              ))}
              {result?.answers[index] ? (
                <div className="told">
                  <p>
                    <b>{result.answers[index].right ? 'Yes.' : 'Rather not.'}</b>{' '}
                    {result.answers[index].because}
                  </p>
                  {result.answers[index].better ? <p>Better: {result.answers[index].better}</p> : null}
                </div>
              ) : null}
            </fieldset>
          ))}
        </Act>
        <p id="result" tabIndex={-1} role="status">
          {result
            ? `${count(result.right)} of ${count(result.tasks)} right: ${result.passed ? 'passed. It is on record.' : 'not passed yet. Read what is said beside each, and try again.'}`
            : ''}
        </p>
      </Section>
    </div>
  );
}
