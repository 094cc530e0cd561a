import type { PersonPassage } from '@rollcall/engine/model/result.js';
import { bits, countOf, percent } from '../format.js';
import { agreement, type Run } from './agreement.js';
import { PersonLink, Text } from './Text.js';

/** Pairs with each other person that are open; the strongest come first. */
const open = 3;

/** Passages side by side, this person's on the left; the words that agree are marked. One list for each other person. */
export function Passages(props: {
  passages: readonly PersonPassage[];
  /** Heading of the left column. */
  mine: string;
  known: (id: string) => boolean;
}) {
  const { passages, mine, known } = props;
  const others = new Map<string, PersonPassage[]>();
  for (const passage of [...passages].sort((a, b) => b.bits - a.bits)) {
    const list = others.get(passage.other.id);
    if (list) list.push(passage);
    else others.set(passage.other.id, [passage]);
  }
  const pair = (passage: PersonPassage) => (
    <Pair
      key={`${passage.passage} ${passage.document} ${passage.otherDocument}`}
      passage={passage}
      mine={mine}
      known={known}
    />
  );
  return [...others].map(([other, list]) => (
    <div key={other} className="passages">
      <ol>{list.slice(0, open).map(pair)}</ol>
      {list.length > open ? (
        <details>
          <summary>
            {countOf(list.length - open, 'more passage', 'more passages')} of <Text value={mine} /> and{' '}
            <Text value={list[0]?.other.name} />
          </summary>
          <ol>{list.slice(open).map(pair)}</ol>
        </details>
      ) : null}
    </div>
  ));
}

function Pair(props: { passage: PersonPassage; mine: string; known: (id: string) => boolean }) {
  const { passage, mine, known } = props;
  const [left, right] = agreement(passage.text, passage.otherText);
  return (
    <li>
      <div className="side-by-side">
        <figure>
          <figcaption>
            <Text value={mine} />
          </figcaption>
          <blockquote>
            <Marked runs={left} />
          </blockquote>
        </figure>
        <figure>
          <figcaption>
            <PersonLink id={passage.other.id} name={passage.other.name} known={known(passage.other.id)} />{' '}
            <Text value={passage.otherFile} />
          </figcaption>
          <blockquote>
            <Marked runs={right} />
          </blockquote>
        </figure>
      </div>
      <p className="meta">
        {countOf(passage.words, 'word of meaning agrees', 'words of meaning agree')} (
        {percent(passage.similarity)} of the passage); in the résumés of{' '}
        {countOf(passage.people, 'person', 'people')} here; {bits(passage.bits)} bits.
      </p>
    </li>
  );
}

function Marked({ runs }: { runs: readonly Run[] }) {
  let at = 0;
  return runs.map((run) => {
    const key = at;
    at += run.text.length;
    return run.same ? (
      <mark key={key}>
        <Text value={run.text} />
      </mark>
    ) : (
      <span key={key}>
        <Text value={run.text} />
      </span>
    );
  });
}
