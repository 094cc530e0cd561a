import { type DragEvent, useRef, useState } from 'react';
import { bytes, countOf } from '../../format.js';
import { Wide } from '../../parts/Section.js';
import { Text } from '../../parts/Text.js';

interface Sending {
  name: string;
  size: number;
  sent: number;
  state: 'waiting' | 'sending' | 'taken' | 'known' | 'refused';
  problem?: string;
}

const words: Record<Sending['state'], string> = {
  waiting: 'waits',
  sending: 'is sent',
  taken: 'taken over',
  known: 'was here already',
  refused: 'not taken',
};

/** How many are sent at a time. */
const abreast = 2;

/** Hands in files or whole folders as they are, and says of each what became of it. */
export function HandIn({ largest, done }: { largest: number; done: () => void }) {
  const [list, setList] = useState<Sending[]>([]);
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const add = (given: readonly File[]) => {
    if (given.length === 0) return;
    const from = list.length;
    const fresh = given.map((file): Sending => {
      const name = file.webkitRelativePath || file.name;
      const base = { name, size: file.size, sent: 0 };
      if (file.size === 0) return { ...base, state: 'refused', problem: 'it is empty' };
      if (file.size > largest)
        return { ...base, state: 'refused', problem: `it is larger than ${bytes(largest)}; split it` };
      return { ...base, state: 'waiting' };
    });
    setList((before) => [...before, ...fresh]);
    const change = (index: number, to: Partial<Sending>) =>
      setList((before) => before.map((one, at) => (at === from + index ? { ...one, ...to } : one)));
    const left = given.flatMap((file, index) => (fresh[index]?.state === 'waiting' ? [{ file, index }] : []));
    const work = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        const { file, index } = next;
        change(index, { state: 'sending' });
        try {
          const again = await put(file, (sent) => change(index, { sent }));
          change(index, { state: again ? 'known' : 'taken', sent: file.size });
        } catch (error) {
          change(index, {
            state: 'refused',
            problem: error instanceof Error ? error.message : String(error),
          });
        }
      }
    };
    void Promise.all(Array.from({ length: abreast }, work)).then(done);
  };

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add([...event.dataTransfer.files].filter((file) => file.size > 0 || file.type !== ''));
  };
  const total = list.reduce((sum, one) => sum + one.size, 0);
  const sent = list.reduce((sum, one) => sum + one.sent, 0);
  const under = list.filter((one) => one.state === 'waiting' || one.state === 'sending').length;
  const refused = list.filter((one) => one.state === 'refused').length;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way beside the buttons
    <div
      className={over ? 'hand-in over' : 'hand-in'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p className="hand-in-choice">
        <label>
          Files{' '}
          <input
            ref={files}
            type="file"
            multiple
            onChange={(event) => {
              add([...(event.currentTarget.files ?? [])]);
              if (files.current) files.current.value = '';
            }}
          />
        </label>
        <label>
          A whole folder{' '}
          <input
            ref={(input) => {
              folder.current = input;
              input?.setAttribute('webkitdirectory', '');
            }}
            type="file"
            multiple
            onChange={(event) => {
              add([...(event.currentTarget.files ?? [])]);
              if (folder.current) folder.current.value = '';
            }}
          />
        </label>
      </p>
      <p className="quiet">
        Or drop files here. Exports as they come: sign-in logs, the HR system’s CSV, shipments, device
        inventory, résumés; also compressed with gzip or zstd. What a file is, its content says. At most{' '}
        {bytes(largest)} each.
      </p>
      {list.length > 0 ? (
        <>
          <p role="status">
            {under > 0
              ? `${countOf(under, 'file is', 'files are')} still on the way.`
              : `${countOf(list.length - refused, 'file was', 'files were')} handed in${refused > 0 ? `, ${refused} not taken` : ''}.`}{' '}
            {under > 0 ? (
              <progress max={total} value={sent} aria-label="Sent">
                {bytes(sent)} of {bytes(total)}
              </progress>
            ) : null}
          </p>
          <details open={refused > 0}>
            <summary>File by file</summary>
            <Wide label="Files handed in">
              <table>
                <thead>
                  <tr>
                    <th scope="col">File</th>
                    <th scope="col" className="number">
                      Size
                    </th>
                    <th scope="col">What became of it</th>
                  </tr>
                </thead>
                <tbody>
                  {list.map((one, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: one file may be handed in twice
                    <tr key={index}>
                      <th scope="row" className="path">
                        <Text value={one.name} />
                      </th>
                      <td className="number">{bytes(one.size)}</td>
                      <td className={one.state === 'refused' ? 'problem' : undefined}>
                        {words[one.state]}
                        {one.state === 'sending' && one.size > 0
                          ? `, ${Math.floor((one.sent / one.size) * 100)} %`
                          : ''}
                        {one.problem ? `: ${one.problem}` : ''}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Wide>
          </details>
        </>
      ) : null}
    </div>
  );
}

/** Sends one file. Says whether the server had it already. */
function put(file: File, progress: (sent: number) => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    // What fetch cannot do: say how far it is.
    const request = new XMLHttpRequest();
    const name = file.webkitRelativePath || file.name;
    request.open('POST', '/api/sources/files');
    request.setRequestHeader('content-type', 'application/octet-stream');
    // Names of résumés are names of people: they stand in no address.
    request.setRequestHeader('x-file-name', encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')));
    let told = 0;
    request.upload.onprogress = (event) => {
      if (Date.now() - told < 200) return;
      told = Date.now();
      progress(event.loaded);
    };
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) return resolve(answer.again === true);
      if (request.status === 401) window.dispatchEvent(new Event('rollcall:signed-out'));
      reject(new Error(answer.title ?? `the server answered ${request.status}`));
    };
    request.onerror = () => reject(new Error('the server cannot be reached; hand it in again'));
    request.send(file);
  });
}

function parsed(text: string): { again?: boolean; title?: string } {
  try {
    return JSON.parse(text) as { again?: boolean; title?: string };
  } catch {
    return {};
  }
}
