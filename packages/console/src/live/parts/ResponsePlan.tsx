import type { PlanItem, PlanView } from '@rollcall/server/areas/response/words.js';
import { countOf, day, moment } from '../../format.js';
import { Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href, setQuery } from '../../route.js';
import { send, useGet } from '../api.js';
import { useMay } from '../session.js';
import { Act } from './Act.js';
import { Loaded } from './Loaded.js';
import { Copy } from './ResponseCopy.js';
import type { PersonPart } from './response-props.js';

const phases = [
  ['preserve', 'Preserve', 'First, and without a sign: keep what will be gone.'],
  ['prepare', 'Prepare', 'Everybody in place, commands pasted and not run.'],
  ['at-once', 'At once', 'In one go, in this order. From the first of these on, the person may notice.'],
  ['after', 'After', 'See that nothing was missed, and change what could be known.'],
] as const;

/** The containment list of a person: staged in silence, done at once, by people. */
export function PlanPart({ caseId, data, person, query }: PersonPart) {
  const may = useMay();
  const plans = data.plans.filter((one) => one.person === person.handle);
  const current = plans.find(({ id }) => id === query.plan) ?? plans[0];
  return (
    <>
      <Section
        id="contain"
        title={`Closing the access of ${person.name}`}
        lead="A list of commands for people to copy. Rollcall runs none of them, and has no access with which it could. Stage it in silence; do the part “at once” in one go, when the decision is taken."
      >
        {plans.length > 1 ? (
          <p>
            Lists staged:{' '}
            {plans.map((one, i) => (
              <span key={one.id}>
                {i > 0 ? ', ' : ''}
                <a
                  href={href('case', caseId, {
                    part: 'response',
                    see: 'contain',
                    person: person.handle,
                    plan: one.id,
                  })}
                  aria-current={one.id === current?.id ? 'true' : undefined}
                >
                  {moment(one.at)}
                </a>
              </span>
            ))}
          </p>
        ) : null}
        {may('cases.work') ? (
          <Act
            word={current ? 'Stage a new list from the last scan' : 'Stage the list'}
            label="Stage a containment list"
            act={async () => {
              const made = await send<{ id: string }>('POST', `/cases/${encodeURIComponent(caseId)}/plans`, {
                person: person.handle,
              });
              setQuery({ see: 'contain', plan: made.id });
            }}
          >
            {current ? null : (
              <p>Nothing is staged for this person. The list is made from what they could reach.</p>
            )}
          </Act>
        ) : null}
      </Section>
      {current ? <Plan caseId={caseId} id={current.id} /> : null}
    </>
  );
}

function Plan({ caseId, id }: { caseId: string; id: string }) {
  const plan = useGet<PlanView>(`/cases/${encodeURIComponent(caseId)}/plans/${encodeURIComponent(id)}`, [
    `case:${caseId}`,
  ]);
  return <Loaded of={plan}>{(data) => <Lines caseId={caseId} plan={data} />}</Loaded>;
}

function Lines({ caseId, plan }: { caseId: string; plan: PlanView }) {
  return (
    <>
      <p className="window-line">
        <strong>{plan.window}</strong> Staged {moment(plan.at)} by <Text value={plan.by} />, from records as
        of {moment(plan.asOf)};{' '}
        {plan.open === 0 ? 'no line is open' : countOf(plan.open, 'line is open', 'lines are open')}.
      </p>
      {plan.setup.length > 0 ? (
        <section aria-labelledby="setup-title">
          <h3 id="setup-title">Set these in your shell first (bash or zsh)</h3>
          <Wide label="settings">
            <table>
              <tbody>
                {plan.setup.map(({ name, what }) => (
                  <tr key={name}>
                    <th scope="row">
                      <code>{name}</code>
                    </th>
                    <td>{what}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        </section>
      ) : null}
      {phases.map(([phase, title, lead]) => {
        const items = plan.items.filter((item) => item.phase === phase);
        return items.length === 0 ? null : (
          <Section key={phase} id={`phase-${phase}`} title={title} lead={lead}>
            <ol className="plan-lines">
              {items.map((item) => (
                <Line key={item.id} caseId={caseId} plan={plan} item={item} />
              ))}
            </ol>
          </Section>
        );
      })}
    </>
  );
}

function Line({ caseId, plan, item }: { caseId: string; plan: PlanView; item: PlanItem }) {
  const may = useMay();
  const marks = plan.marks.filter((mark) => mark.item === item.id);
  const last = marks.at(-1);
  const state = last?.state ?? 'open';
  const what = `${item.product}: ${item.title}${item.about ? `, ${item.about}` : ''}`;
  const mark = (to: 'done' | 'not needed' | 'open') => async (fields: FormData) =>
    send('POST', `/cases/${encodeURIComponent(caseId)}/plans/${encodeURIComponent(plan.id)}/marks`, {
      item: item.id,
      state: to,
      note: String(fields.get('note') ?? ''),
    });
  return (
    <li className={`plan-line ${state === 'open' ? 'is-open' : 'is-closed'}`}>
      <h3 tabIndex={-1} data-row={item.id}>
        {item.product}: {item.title}
        {item.about ? (
          <>
            {' '}
            <span className="about">
              <Text value={item.about} />
            </span>
          </>
        ) : null}
      </h3>
      <p>
        {item.does} {item.warns ? <b>The person may notice.</b> : null}
      </p>
      <p className="meta">
        To take it back: {item.undo} · Needs: {item.needs}
        {item.command
          ? item.checked
            ? ` · compared with the documentation on ${day(item.checked)}`
            : ' · not compared with the documentation yet: try it on a test account first'
          : ''}
        {item.docs ? (
          <>
            {' · '}
            <a href={item.docs} rel="noreferrer noopener" target="_blank">
              documentation, opens elsewhere
            </a>
          </>
        ) : null}
      </p>
      {item.command ? <Copy text={item.command} label={what} /> : null}
      {item.byHand ? <p className="by-hand">By hand: {item.byHand}</p> : null}
      {marks.map((one) => (
        <p key={`${one.at} ${one.state}`} className="mark-line">
          {one.state === 'done' ? 'Done' : one.state === 'not needed' ? 'Not needed' : 'Open again'},{' '}
          {moment(one.at)}, <Text value={one.by} />
          {one.note ? (
            <>
              : <Text value={one.note} />
            </>
          ) : null}
        </p>
      ))}
      {may('cases.work') ? (
        state === 'open' ? (
          <div className="mark-forms">
            <Act word="Mark as done" label={`Mark as done: ${what}`} act={mark('done')} />
            <details>
              <summary>Not needed</summary>
              <Act word="Mark as not needed" label={`Not needed: ${what}`} act={mark('not needed')}>
                <label>
                  Why
                  <input name="note" required minLength={5} maxLength={1000} />
                </label>
              </Act>
            </details>
          </div>
        ) : (
          <details>
            <summary>Open it again</summary>
            <Act word="Open again" label={`Open again: ${what}`} act={mark('open')}>
              <label>
                Why
                <input name="note" required minLength={5} maxLength={1000} />
              </label>
            </Act>
          </details>
        )
      ) : null}
    </li>
  );
}
