import type { FileAccount } from '@rollcall/engine/model/result.js';
import { count } from '../format.js';

/** What became of the records of a file, as columns: read = kept + duplicate + rejected. */
export function CountHeads() {
  return ['Read', 'Kept', 'Duplicate', 'Rejected'].map((word) => (
    <th key={word} scope="col" className="number">
      {word}
    </th>
  ));
}

export function CountCells({
  of,
}: {
  of: Pick<FileAccount, 'read' | 'kept' | 'duplicate' | 'rejected'> & { unused?: number };
}) {
  return (
    <>
      <td className="number">{count(of.read)}</td>
      <td className="number">
        {count(of.kept)}
        {of.unused ? <span className="meta">{count(of.unused)} hold nothing used</span> : null}
      </td>
      <td className="number">{count(of.duplicate)}</td>
      <td className="number">{count(of.rejected)}</td>
    </>
  );
}
