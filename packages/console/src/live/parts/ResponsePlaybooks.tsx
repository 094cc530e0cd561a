import type { PlaybookAdded } from '@rollcall/server/areas/cases/words.js';
import type { PlaybookView } from '@rollcall/server/areas/response/words.js';
import { countOf } from '../../format.js';
import { Empty, Section } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { href } from '../../route.js';
import { send, useGet } from '../api.js';
import { useMay } from '../session.js';
import { Act } from './Act.js';
import { Loaded } from './Loaded.js';
import type { CaseQuery } from './response-props.js';
import { roleWord } from './roles.js';

/** Playbooks that any case may need: read here, and put among its tasks by people. */
export function PlaybooksPart({ caseId, query }: { caseId: string; query: CaseQuery }) {
  const playbooks = useGet<PlaybookView[]>('/playbooks');
  const to = (playbook?: string) =>
    href('case', caseId, { part: 'response', person: query.person, see: 'playbooks', playbook });
  return (
    <Section
      id="playbooks"
      title="Playbooks"
      lead="For what a case may turn into. Nothing in them happens by itself: people take the steps, in this order."
    >
      <Loaded of={playbooks}>
        {(all) => {
          const any = all.filter((one) => one.for.includes('any'));
          if (any.length === 0) return <Empty title="There are no playbooks for any case." />;
          return any.map((one) => {
            const open = query.playbook === one.id;
            return (
              <section key={one.id} aria-labelledby={`playbook-${one.id}`} className="response-playbook">
                <h3 id={`playbook-${one.id}`}>
                  <a href={to(open ? undefined : one.id)} aria-expanded={open}>
                    <Text value={one.title} />
                  </a>{' '}
                  <span className="meta">{countOf(one.steps.length, 'step', 'steps')}</span>
                </h3>
                {open ? <Steps caseId={caseId} playbook={one} /> : null}
              </section>
            );
          });
        }}
      </Loaded>
    </Section>
  );
}

function whatCame({ added, there }: PlaybookAdded): string {
  if (added === 0) return 'They stand there already.';
  const now = `${countOf(added, 'step stands', 'steps stand')} under Tasks now, at the end.`;
  return there === 0 ? now : `${now} ${countOf(there, 'other stood', 'others stood')} there already.`;
}

function Steps({ caseId, playbook }: { caseId: string; playbook: PlaybookView }) {
  const may = useMay();
  return (
    <>
      <p>
        <Text value={playbook.why} />
      </p>
      <ol>
        {playbook.steps.map((step) => (
          <li key={step.id}>
            <b>
              <Text value={step.title} />.
            </b>{' '}
            <Text value={step.say} />{' '}
            <span className="meta">
              {roleWord(step.role)}
              {step.warns ? ' · the person can notice it' : ''} · done when: <Text value={step.done} />
            </span>
          </li>
        ))}
      </ol>
      {may('cases.work') ? (
        <Act
          word="Put its steps among the tasks"
          label={`Put the steps of “${playbook.title}” among the tasks of the case`}
          done={whatCame}
          act={() =>
            send<PlaybookAdded>(
              'POST',
              `/cases/${encodeURIComponent(caseId)}/playbooks/${encodeURIComponent(playbook.id)}`,
            )
          }
        />
      ) : null}
    </>
  );
}
