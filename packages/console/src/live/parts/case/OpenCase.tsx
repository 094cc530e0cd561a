import type { Colleagues } from '@rollcall/server/areas/cases/words.js';
import { useState } from 'react';
import { shown } from '../../../format.js';
import { go, href } from '../../../route.js';
import { send, useGet } from '../../api.js';
import { useSession } from '../../session.js';
import { Act } from '../Act.js';

/** The form that opens a case about a vendor, or from outside. */
export function OpenCase({ twoToOpen }: { twoToOpen: boolean }) {
  const session = useSession();
  const found = useGet<Colleagues>('/case-colleagues');
  const [about, setAbout] = useState('outside');
  const [said, setSaid] = useState('');
  const others = (found.data?.colleagues ?? []).filter((one) => one.id !== session.user.id);
  const deciders = others.filter((one) => one.roles.some((role) => role === 'hr' || role === 'counsel'));
  return (
    <Act
      word={twoToOpen ? 'Ask for the case' : 'Open the case'}
      label="Open a case"
      act={async (fields) => {
        const text = (name: string) => String(fields.get(name) ?? '').trim();
        const decider = text('decider');
        const made = await send<{ id: string; state: string; warnings: string[] }>('POST', '/cases', {
          about,
          origin: text('origin'),
          people: text('people')
            .split(/[\s,;]+/)
            .filter(Boolean),
          ...(about === 'vendor' ? { vendor: text('vendor') } : {}),
          title: text('title'),
          reason: text('reason'),
          playbook: text('playbook'),
          members: [
            ...fields
              .getAll('member')
              .map(String)
              .filter((one) => one !== decider)
              .map((user) => ({ user, part: 'member' })),
            ...(decider ? [{ user: decider, part: 'decider' }] : []),
          ],
        });
        if (made.state === 'open') go(href('case', made.id));
        setSaid(made.warnings.join(' '));
      }}
      done="Asked. It opens when a second person says yes."
    >
      {said ? <p role="status">{said}</p> : null}
      <label>
        What it is about
        <select name="about" value={about} onChange={(event) => setAbout(event.target.value)}>
          <option value="outside">Something that came from outside</option>
          <option value="vendor">A vendor</option>
          <option value="person">One or several people</option>
        </select>
      </label>
      {about === 'vendor' ? (
        <label>
          The vendor, as HR writes it
          <input name="vendor" required maxLength={200} />
        </label>
      ) : null}
      <label>
        Where it came from
        <select name="origin">
          <option value="law enforcement">Police or another authority</option>
          <option value="victim of identity theft">Somebody whose identity was used</option>
          <option value="hotline">A report by a colleague</option>
          <option value="manager">A manager</option>
          <option value="vendor">A vendor</option>
          <option value="finding">A finding</option>
          <option value="other">Elsewhere</option>
        </select>
      </label>
      <label>
        People, if any are known
        <input name="people" required={about === 'person'} aria-describedby="people-help" />
        <span id="people-help" className="meta">
          Their handles, from the address of their pages (p and ten letters or digits). More can be put in
          later.
        </span>
      </label>
      <label>
        Title, without names
        <input name="title" required minLength={3} maxLength={120} />
      </label>
      <label>
        Why you need to look
        <textarea name="reason" required minLength={5} maxLength={2000} />
      </label>
      <label>
        Steps to follow
        <select name="playbook">
          <option value="employee">for an employee</option>
          <option value="applicant">for an applicant</option>
          <option value="contractor">for a contractor</option>
          <option value="vendor">for a vendor’s worker</option>
        </select>
      </label>
      {deciders.length > 0 ? (
        <label>
          Who decides (not you)
          <select name="decider" defaultValue="">
            <option value="">named later</option>
            {deciders.map((one) => (
              <option key={one.id} value={one.id}>
                {shown(one.name)} ({one.roles.join(', ')})
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {others.length > 0 ? (
        <fieldset className="choices">
          <legend>Who else needs to know</legend>
          {others.map((one) => (
            <label key={one.id}>
              <input type="checkbox" name="member" value={one.id} /> {shown(one.name)} ({one.roles.join(', ')}
              )
            </label>
          ))}
        </fieldset>
      ) : null}
    </Act>
  );
}
