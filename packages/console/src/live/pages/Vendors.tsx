import type { VendorStanding } from '@rollcall/server/areas/vendors/words.js';
import { useRef } from 'react';
import { count, countOf, day, percent } from '../../format.js';
import { useRowKeys } from '../../parts/keys.js';
import { Empty, Section, Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';
import { go, href } from '../../route.js';
import { send, useGet } from '../api.js';
import { Act } from '../parts/Act.js';
import { Loaded } from '../parts/Loaded.js';
import { useMay } from '../session.js';
import '../style/vendors.css';

export function VendorsPage() {
  const may = useMay();
  const table = useRef<HTMLTableElement>(null);
  useRowKeys(table);
  const list = useGet<{ vendors: VendorStanding[] }>('/vendors', ['vendors', 'people']);
  return (
    <>
      <div className="page-head">
        <h1>Vendors</h1>
        <p className="lead">
          Firms that send people: what they answered, what their contract says, and what they could show for
          those who were drawn. A gap is the firm’s, and says nothing about anybody it sent.
        </p>
      </div>
      <Loaded of={list}>
        {({ vendors }) =>
          vendors.length === 0 ? (
            <Empty title="No firm is on record.">
              <p>
                HR’s export names the firm beside each vendor worker. Add one below that HR does not name yet,
                for instance before its contract.
              </p>
            </Empty>
          ) : (
            <Wide label="Firms">
              <table className="vendors" ref={table}>
                <thead>
                  <tr>
                    <th scope="col">Firm</th>
                    <th scope="col">People here</th>
                    <th scope="col">In place</th>
                    <th scope="col">What is missing first</th>
                    <th scope="col">Last audit</th>
                  </tr>
                </thead>
                <tbody>
                  {vendors.map((one) => (
                    <tr key={one.id}>
                      <th scope="row">
                        <a href={href('vendor', one.id)} data-row>
                          <Text value={one.name} />
                        </a>
                      </th>
                      <td>
                        {count(one.workers)}
                        {one.raised > 0 ? (
                          <span className="meta">
                            {countOf(one.raised, 'at watch or above', 'at watch or above')}
                          </span>
                        ) : null}
                      </td>
                      <td className="number">
                        {one.score === undefined ? 'not asked yet' : percent(one.score)}
                      </td>
                      <td>
                        {one.gaps[0] ?? 'nothing'}
                        {one.gaps.length > 1 ? (
                          <span className="meta">and {countOf(one.gaps.length - 1, 'more', 'more')}</span>
                        ) : null}
                      </td>
                      <td>{one.openAudit ? 'under way' : one.lastAudit ? day(one.lastAudit) : 'never'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Wide>
          )
        }
      </Loaded>
      {may('vendors.edit') ? (
        <Section id="add" title="Add a firm">
          <Act
            label="Add a firm"
            word="Add"
            act={async (fields) => {
              const { id } = await send<{ id: string }>('POST', '/vendors', { name: fields.get('name') });
              go(href('vendor', id));
            }}
          >
            <label>
              Name, as it stands in the contract
              <input name="name" required maxLength={200} autoComplete="off" />
            </label>
          </Act>
        </Section>
      ) : null}
    </>
  );
}
