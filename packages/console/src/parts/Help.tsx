import { useEffect, useRef, useState } from 'react';
import { keysAreOn, switchKeys } from './keys.js';

const keys: [string[], string][] = [
  [['/'], 'Search people'],
  [['j', 'k'], 'Next and previous row (arrows too, once a row has the focus)'],
  [['Enter'], 'Open the row'],
  [['n', 'p'], 'Next and previous person, on a person’s page'],
  [['Esc', 'u'], 'Back to the list'],
];

const ofTheReport: [string[], string][] = [
  [['g', 'o'], 'Overview'],
  [['g', 'p'], 'People'],
  [['g', 'r'], 'Rings'],
  [['g', 'x'], 'Explanations'],
  [['g', 'e'], 'Exposure'],
  [['g', 'd'], 'Detections'],
  [['g', 's'], 'Sources'],
];

/** The keys, and a switch for them. */
export function Help({
  open,
  close,
  places,
}: {
  open: boolean;
  close: () => void;
  /** Pages with the key that leads there after `g`; those of the report where absent. */
  places?: readonly { key: string; word: string }[];
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(keysAreOn);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keys</h2>
      <table>
        <tbody>
          {[
            ...keys,
            ...(places?.map(({ key, word }): [string[], string] => [['g', key], word]) ?? ofTheReport),
            [['?'], 'This help'] satisfies [string[], string],
          ].map(([combination, does]) => (
            <tr key={does}>
              <th scope="row">
                {combination.map((one) => (
                  <kbd key={one}>{one}</kbd>
                ))}
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className="switch">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => {
            setOn(event.target.checked);
            switchKeys(event.target.checked);
          }}
        />
        Single keys act on the page
      </label>
      <p className="quiet">
        Every state of this report has an address: copy it from the address bar. Print a person’s page for a
        file copy; everything is opened on paper.
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
