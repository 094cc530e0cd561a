import type { PlaybookView, TabletopView } from '@rollcall/server/areas/response/words.js';
import { day } from '../../format.js';
import { Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { send, useGet } from '../api.js';
import { useMay } from '../session.js';
import { Act } from './Act.js';
import { Loaded } from './Loaded.js';

/** Exercises that were held, and how to hold one. */
export function ExercisePart() {
  const may = useMay();
  const held = useGet<TabletopView[]>('/tabletops', ['tabletops']);
  const playbooks = useGet<PlaybookView[]>('/playbooks');
  return (
    <Section
      id="exercises"
      title="Exercises"
      lead="Once a year, at a table, with HR, IT, counsel and whoever speaks for the company. The first time must not be the real time."
    >
      <Loaded of={held}>
        {(rows) =>
          rows.length === 0 ? (
            <p>No exercise is on record. The playbook “Tabletop exercise” says how to hold one in an hour.</p>
          ) : (
            <Wide label="exercises">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Held</th>
                    <th scope="col">Who took part</th>
                    <th scope="col">What was missing</th>
                    <th scope="col">Next</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((one) => (
                    <tr key={one.id}>
                      <td className="time">
                        {day(one.held)}
                        <span className="meta">{one.playbook}</span>
                      </td>
                      <td>
                        <Text value={one.took} />
                      </td>
                      <td>
                        <Text value={one.found} />
                      </td>
                      <td className="time">{day(one.next)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Wide>
          )
        }
      </Loaded>
      <Loaded of={playbooks}>
        {(all) => {
          const steps = all.find(({ id }) => id === 'tabletop')?.steps ?? [];
          return (
            <ol>
              {steps.map((step) => (
                <li key={step.id}>
                  <b>{step.title}.</b> {step.say}
                </li>
              ))}
            </ol>
          );
        }}
      </Loaded>
      {may('cases.work') ? (
        <Act
          word="Record the exercise"
          label="Record an exercise"
          done="Recorded."
          act={(fields) =>
            send('POST', '/tabletops', {
              playbook: 'extortion',
              held: String(fields.get('held')),
              took: String(fields.get('took')),
              found: String(fields.get('found')),
              next: String(fields.get('next')),
            })
          }
        >
          <label>
            Held on
            <input type="date" name="held" required />
          </label>
          <label>
            Who took part, by role
            <input name="took" required minLength={5} maxLength={1000} />
          </label>
          <label>
            What did not work, who mends it, by when
            <textarea name="found" rows={4} required minLength={5} maxLength={5000} />
          </label>
          <label>
            The next one
            <input type="date" name="next" required />
          </label>
        </Act>
      ) : null}
    </Section>
  );
}
