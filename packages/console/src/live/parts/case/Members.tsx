import type { Colleagues } from '@rollcall/server/areas/cases/words.js';
import { moment, shown } from '../../../format.js';
import { Section, Wide } from '../../../parts/Section.js';
import { Text } from '../../../parts/Text.js';
import { useGet } from '../../api.js';
import { CaseAct, nameOf, type PartProps, ReasonField } from './small.js';

const partSays = {
  lead: 'Lead: runs it, says who is a member',
  member: 'Member: sees it and works on it',
  decider: 'Decider: decides on steps and verdicts (HR or counsel, not who opened it)',
} as const;

export function MembersPart({ data, again }: PartProps) {
  const manages = data.me.part === 'lead' || data.me.counsel;
  const there = data.state === 'open' || data.state === 'asked' || data.state === 'closed';
  const colleagues = useGet<Colleagues>(
    manages && there ? `/cases/${encodeURIComponent(data.id)}/colleagues` : undefined,
  );
  return (
    <Section
      id="case-members"
      title="Members"
      lead="Who needs to know. Nobody else sees this case, whatever their role; IT sees its own tasks only. Who is taken out sees nothing more."
    >
      <Wide label="Members">
        <table>
          <thead>
            <tr>
              <th scope="col">Member</th>
              <th scope="col">Part</th>
              <th scope="col">Added</th>
            </tr>
          </thead>
          <tbody>
            {data.members.map((one) => (
              <tr key={one.user}>
                <th scope="row">
                  <Text value={nameOf(data, one.user)} />
                </th>
                <td>{one.part}</td>
                <td>
                  {moment(one.addedAt)} by <Text value={nameOf(data, one.addedBy)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {manages && there ? (
        <div className="two-readings">
          <details className="form-behind">
            <summary>Add a member, or change a part</summary>
            <CaseAct
              data={data}
              again={again}
              word="Save"
              label="Add a member"
              path="/members"
              body={(text) => ({ user: text('user'), part: text('part'), reason: text('reason') })}
            >
              <label>
                Colleague
                <select name="user" required>
                  {(colleagues.data?.colleagues ?? []).map((one) => (
                    <option key={one.id} value={one.id}>
                      {shown(one.name)} ({one.roles.join(', ')})
                    </option>
                  ))}
                </select>
              </label>
              <fieldset className="choices down">
                <legend>Part</legend>
                {(['member', 'decider', 'lead'] as const).map((part) => (
                  <label key={part}>
                    <input type="radio" name="part" value={part} required /> {partSays[part]}
                  </label>
                ))}
              </fieldset>
              <ReasonField label="Why they need to know" />
            </CaseAct>
          </details>
          <details className="form-behind">
            <summary>Take a member out</summary>
            <CaseAct
              data={data}
              again={again}
              word="Take out"
              label="Take a member out"
              path={(text) => `/members/${encodeURIComponent(text('user'))}/removal`}
              body={(text) => ({ reason: text('reason') })}
            >
              <label>
                Member
                <select name="user" required>
                  {data.members.map((one) => (
                    <option key={one.user} value={one.user}>
                      {shown(nameOf(data, one.user))}
                    </option>
                  ))}
                </select>
              </label>
              <ReasonField />
            </CaseAct>
          </details>
        </div>
      ) : null}
    </Section>
  );
}
