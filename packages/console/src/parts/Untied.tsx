import type { Untied as Row } from '@rollcall/engine/model/result.js';
import { count } from '../format.js';
import { Wide } from './Section.js';
import { Text } from './Text.js';

const kinds = { person_ref: 'Person’s number', device: 'Device', account: 'Account' } as const;

/** Accounts and devices that belong to nobody on record. Where a value is not to be shown, the row stands without it. */
export function Untied({ rows }: { rows: readonly (Omit<Row, 'value'> & { value?: string | undefined })[] }) {
  return (
    <Wide label="Accounts and devices without a person">
      <table className="untied">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Source</th>
            <th scope="col" className="number">
              Events
            </th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: without their values several are alike
            <tr key={index}>
              <th scope="row">
                <span className="kind">{kinds[one.kind]}</span>{' '}
                {one.value === undefined ? (
                  <span className="none">not shown</span>
                ) : (
                  <Text value={one.value} />
                )}
              </th>
              <td>
                <Text value={one.source} />
              </td>
              <td className="number">{count(one.events)}</td>
              <td>
                <Text value={one.reason} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
