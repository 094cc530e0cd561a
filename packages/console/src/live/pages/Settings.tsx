import type { Permission } from '@rollcall/server/model/roles.js';
import type { ReactNode } from 'react';
import { Empty } from '../../parts/Section.js';
import { href, type Route } from '../../route.js';
import { Accounts } from '../parts/settings/Accounts.js';
import { Health, Rules, SignOn } from '../parts/settings/House.js';
import { Keeping } from '../parts/settings/Keeping.js';
import { Mine } from '../parts/settings/Mine.js';
import { Tokens } from '../parts/settings/Tokens.js';
import { useMay } from '../session.js';
import '../style/settings.css';

interface Part {
  name: string;
  word: string;
  needs?: Permission;
  page: (route: Route) => ReactNode;
}

const parts: readonly Part[] = [
  { name: 'mine', word: 'My account', page: () => <Mine /> },
  {
    name: 'accounts',
    word: 'Accounts',
    needs: 'settings.view',
    page: (route) => <Accounts chosen={route.query.account} />,
  },
  { name: 'tokens', word: 'Tokens', needs: 'settings.view', page: () => <Tokens /> },
  { name: 'rules', word: 'Rules', needs: 'settings.view', page: () => <Rules /> },
  { name: 'sign-on', word: 'Single sign-on', needs: 'settings.view', page: () => <SignOn /> },
  { name: 'keeping', word: 'Keeping and removing', needs: 'removals.view', page: () => <Keeping /> },
  { name: 'about', word: 'This installation', needs: 'settings.view', page: () => <Health /> },
];

export function SettingsPage({ route }: { route: Route }) {
  const may = useMay();
  const mine = parts.filter((part) => !part.needs || may(part.needs));
  const asked = route.query.part ?? 'mine';
  const part = mine.find((one) => one.name === asked);
  return (
    <>
      <div className="page-head">
        <h1>Settings</h1>
      </div>
      <nav aria-label="Parts of the settings" className="parts">
        <ul>
          {mine.map((one) => (
            <li key={one.name}>
              <a
                href={href('settings', '', { part: one.name === 'mine' ? undefined : one.name })}
                aria-current={one === part ? 'page' : undefined}
              >
                {one.word}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {part ? (
        <div className="part" key={part.name}>
          {part.page(route)}
        </div>
      ) : (
        <Empty title="This part is not for your roles, or does not exist.">
          <p>
            <a href={href('settings')}>Your own account</a> is always there.
          </p>
        </Empty>
      )}
    </>
  );
}
