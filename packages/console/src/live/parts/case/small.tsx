/** Small things all parts of a case use. */
import type { Case } from '@rollcall/server/areas/cases/words.js';
import type { ReactNode } from 'react';
import { countOf, shown } from '../../../format.js';
import { send } from '../../api.js';
import { Act } from '../Act.js';

export interface PartProps {
  data: Case;
  again: () => void;
  query: Readonly<Record<string, string>>;
}

/** The name of an account beside what it did. */
export function nameOf(data: Case, id: string): string {
  return data.accounts[id] ?? (id === 'system' ? 'Rollcall' : 'a former colleague');
}

/**
 * Where the evidence on somebody stands. That the least is there which a step needs is no reason for one: what speaks for
 * them, and how all of it weighs together, stand beside it.
 */
export function StandingOf({ data, one }: { data: Case; one: Case['people'][number] }) {
  const favour = data.items.filter(
    (item) =>
      item.state === 'held' &&
      item.person?.handle === one.person.handle &&
      !item.setAside &&
      (item.finding?.bits ?? 0) < 0,
  ).length;
  return (
    <>
      <p>
        {one.rule.met
          ? 'The least that a step needs is there: '
          : one.exception
            ? 'A step by counsel’s exception only: '
            : 'No step against them: '}
        {one.rule.says}
        {one.rule.met ? ' That is no reason for a step yet.' : ''}
      </p>
      {favour > 0 ? (
        <p>
          {countOf(favour, 'finding speaks for them, and weighs', 'findings speak for them, and weigh')} as
          well.
        </p>
      ) : null}
    </>
  );
}

type TextOf = (name: string) => string;

/** A form of the case: sends, then the case is read again. */
export function CaseAct({
  data,
  again,
  path,
  body,
  method = 'POST',
  ...rest
}: {
  data: Case;
  again: () => void;
  path: string | ((text: TextOf) => string);
  body: (text: TextOf, fields: FormData) => unknown;
  method?: 'POST' | 'PUT' | 'PATCH';
  word: string;
  label: string;
  done?: string;
  danger?: boolean;
  children?: ReactNode;
}) {
  return (
    <Act
      {...rest}
      act={async (fields) => {
        const text: TextOf = (name) => String(fields.get(name) ?? '').trim();
        const tail = typeof path === 'string' ? path : path(text);
        await send(method, `/cases/${encodeURIComponent(data.id)}${tail}`, body(text, fields));
        again();
      }}
    />
  );
}

export function ReasonField({ label = 'Why, in words', help }: { label?: string; help?: string }) {
  return (
    <label>
      {label}
      <textarea name="reason" required minLength={5} maxLength={2000} />
      {help ? <span className="meta">{help}</span> : null}
    </label>
  );
}

/** A choice among the people of the case. */
export function Who({ data, optional = false }: { data: Case; optional?: boolean }) {
  return (
    <label>
      Who
      <select name="person" required={!optional} defaultValue={optional ? '' : data.people[0]?.person.handle}>
        {optional ? <option value="">the case as a whole</option> : null}
        {data.people.map(({ person }) => (
          <option key={person.handle} value={person.handle}>
            {shown(person.name)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The day today, as forms want it. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
