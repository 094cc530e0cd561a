import type { Task } from '@rollcall/server/areas/cases/words.js';
import { useEffect, useRef } from 'react';
import { day, moment, shown } from '../../../format.js';
import { Empty, Section, Wide } from '../../../parts/Section.js';
import { StateLink, Text } from '../../../parts/Text.js';
import { href } from '../../../route.js';
import { useMay } from '../../session.js';
import { roleWord } from '../roles.js';
import { CaseAct, nameOf, type PartProps, Who } from './small.js';

export function TasksPart({ data, again, query }: PartProps) {
  const chosen = data.tasks.find((task) => task.id === query.task);
  return (
    <Section
      id="case-tasks"
      title="Tasks"
      lead={
        data.me.narrow
          ? 'Your part in this case is these tasks. What was found is not shown: you need not know it to do them.'
          : 'In the order of the playbook. Each is done, or left out with a reason, before the case can close.'
      }
    >
      {data.tasks.length === 0 ? (
        <Empty title="No task.">
          <p>{data.me.narrow ? 'The lead of the case gives them to you.' : 'Add one below.'}</p>
        </Empty>
      ) : (
        <Wide label="Tasks">
          <table>
            <thead>
              <tr>
                <th scope="col">Task</th>
                <th scope="col">For</th>
                <th scope="col">Due</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {data.tasks.map((task) => (
                <tr key={task.id}>
                  <th scope="row">
                    <a
                      href={href('case', data.id, {
                        part: query.part,
                        task: task.id === query.task ? undefined : task.id,
                      })}
                      data-row
                      aria-expanded={task.id === query.task}
                    >
                      <Text value={task.title} />
                    </a>
                    {task.person ? (
                      <span className="meta">
                        about <Text value={task.person.name} />
                      </span>
                    ) : null}
                    {task.state === 'open' && task.waitsFor.length > 0 ? (
                      <span className="meta">after: {task.waitsFor.map(shown).join('; ')}</span>
                    ) : null}
                  </th>
                  <td>
                    {task.assignee ? (
                      <Text value={nameOf(data, task.assignee)} />
                    ) : task.role ? (
                      roleWord(task.role)
                    ) : (
                      'anybody'
                    )}
                  </td>
                  <td className="time">{task.dueAt ? day(task.dueAt) : '–'}</td>
                  <td>
                    {task.state}
                    {task.doneBy ? (
                      <span className="meta">
                        <Text value={nameOf(data, task.doneBy)} />, {moment(task.doneAt)}
                      </span>
                    ) : null}
                    {task.note ? (
                      <span className="meta">
                        <Text value={task.note} />
                      </span>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {chosen ? <TaskForm data={data} again={again} query={query} task={chosen} /> : null}
      {data.state === 'open' && !data.me.narrow ? (
        <details className="form-behind">
          <summary>Add a task</summary>
          <CaseAct
            data={data}
            again={again}
            word="Add"
            label="Add a task"
            path="/tasks"
            body={(text) => ({
              title: text('title'),
              say: text('say'),
              ...(text('person') ? { person: text('person') } : {}),
              ...(text('assignee') ? { assignee: text('assignee') } : {}),
              ...(text('due') ? { due: text('due') } : {}),
            })}
          >
            <label>
              What is to be done
              <input name="title" required minLength={3} maxLength={160} />
            </label>
            <label>
              How, if it needs saying
              <textarea name="say" maxLength={2000} />
            </label>
            <Who data={data} optional />
            <Assignee data={data} />
            <label>
              Due
              <input type="date" name="due" />
            </label>
          </CaseAct>
        </details>
      ) : null}
    </Section>
  );
}

function Assignee({ data, value = '' }: { data: PartProps['data']; value?: string }) {
  return (
    <label>
      Who does it
      <select name="assignee" defaultValue={value}>
        <option value="">nobody named</option>
        {data.members.map((member) => (
          <option key={member.user} value={member.user}>
            {shown(nameOf(data, member.user))}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Where in the console a step of a playbook is done; whoever sees their tasks only is led to what they see. */
const whereOf: Readonly<
  Record<string, { word: string; to: Readonly<Record<string, string>>; narrow?: true }>
> = {
  people: { word: 'Say who is a member', to: { part: 'members' } },
  keep: { word: 'Freeze what they could reach', to: { part: 'response' } },
  hypotheses: { word: 'Answer the innocent readings', to: { part: 'hypotheses' } },
  sweep: { word: 'Look at the linked people', to: { part: 'sweep' } },
  plan: { word: 'Stage the list', to: { part: 'response', see: 'contain' }, narrow: true },
  contain: { word: 'Mark what is closed', to: { part: 'response', see: 'contain' }, narrow: true },
  code: { word: 'What they changed', to: { part: 'response' }, narrow: true },
  decide: { word: 'Decide', to: { part: 'decisions' } },
  clear: { word: 'Give the verdict', to: { part: 'decisions' } },
  notice: { word: 'Write the letter', to: { part: 'letters' } },
  report: { word: 'Fill in the report', to: { part: 'response', see: 'reports' } },
  share: { word: 'Seal the evidence', to: { part: 'response', see: 'bundles' } },
};

function Where({ data, task }: { data: PartProps['data']; task: Task }) {
  const may = useMay();
  // `employee/verify`: the playbook, and the step in it.
  const step = task.step.split('/').at(-1) ?? '';
  if (step === 'verify' || step === 'ask')
    return may('checks.plan') && !data.me.narrow ? (
      <ul className="plain-list">
        {data.people.map(({ person }) => (
          <li key={person.handle}>
            <a href={href('checks', '', { view: 'ask', person: person.handle })}>
              Ask for a check of <Text value={person.name} />
            </a>
          </li>
        ))}
      </ul>
    ) : null;
  const where = whereOf[step];
  return where && (!data.me.narrow || where.narrow) ? (
    <p>
      <a href={href('case', data.id, where.to)}>{where.word}</a>
    </p>
  ) : null;
}

function TaskForm({ data, again, query, task }: PartProps & { task: Task }) {
  const section = useRef<HTMLElement>(null);
  // It stands below the table, which may be long.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another task is another form to go to
  useEffect(() => section.current?.focus(), [task.id]);
  return (
    <section className="behind" aria-labelledby="task-title" ref={section} tabIndex={-1}>
      <h3 id="task-title">
        <Text value={task.title} />
      </h3>
      {task.say ? (
        <p className="text-block">
          <Text value={task.say} />
        </p>
      ) : null}
      {task.done ? (
        <p>
          Done when: <Text value={task.done} />
        </p>
      ) : null}
      <Where data={data} task={task} />
      {data.state === 'open' ? (
        <CaseAct
          key={task.id}
          data={data}
          again={again}
          method="PATCH"
          word="Save"
          done="Saved."
          label={`Change the task ${task.title}`}
          path={`/tasks/${task.id}`}
          body={(text) => ({
            state: text('state'),
            note: text('note'),
            ...(data.me.narrow ? {} : { assignee: text('assignee'), due: text('due') }),
          })}
        >
          <label>
            State
            <select name="state" defaultValue={task.state}>
              <option value="open">open</option>
              <option value="done">done</option>
              {data.me.narrow ? null : <option value="left out">left out (say why)</option>}
            </select>
          </label>
          <label>
            What came of it
            <textarea name="note" maxLength={2000} defaultValue={task.note} />
          </label>
          {data.me.narrow ? null : (
            <>
              <Assignee data={data} value={task.assignee ?? ''} />
              <label>
                Due
                <input type="date" name="due" defaultValue={task.dueAt?.slice(0, 10)} />
              </label>
            </>
          )}
        </CaseAct>
      ) : null}
      <p className="screen-only">
        <StateLink to={href('case', data.id, { part: query.part })}>Fold up</StateLink>
      </p>
    </section>
  );
}
