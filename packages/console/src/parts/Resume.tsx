import type { PersonDocument, PersonPassage } from '@rollcall/engine/model/result.js';
import { countOf, shown } from '../format.js';
import { claimWords, traceWords } from '../words.js';
import { stretches } from './agreement.js';
import { Wide } from './Section.js';
import { Text } from './Text.js';

/** One résumé as it was read: its text with shared passages marked, what it claims, and what the file itself shows. */
export function Resume({ resume, passages }: { resume: PersonDocument; passages: readonly PersonPassage[] }) {
  const own = passages.filter((passage) => passage.document === resume.document);
  const facts = [resume.format, resume.pages ? countOf(resume.pages, 'page', 'pages') : undefined].filter(
    Boolean,
  );
  return (
    <article className="resume">
      <h3>
        <Text value={resume.file} />
      </h3>
      <p className="meta">
        {facts.join(' · ')} · <span className="path">{resume.document.slice(0, 16)}</span>
      </p>
      <div className="resume-facts">
        {resume.claims.length > 0 ? <Claims resume={resume} /> : null}
        {resume.traces.length > 0 ? <Traces resume={resume} /> : null}
      </div>
      <details open={own.length > 0}>
        <summary>
          {own.length > 0 ? 'The text; marked is what hardly anyone else’s résumé says' : 'The text'}
        </summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable to be scrolled by key */}
        <section className="resume-text" aria-label={`Text of ${shown(resume.file)}`} tabIndex={0}>
          <MarkedText text={resume.text} passages={own} />
          {resume.cut ? <p className="quiet">Cut here; the file holds more.</p> : null}
        </section>
      </details>
    </article>
  );
}

function MarkedText({ text, passages }: { text: string; passages: readonly PersonPassage[] }) {
  let at = 0;
  return stretches(
    text,
    passages.map((passage) => passage.text),
  ).map((stretch) => {
    const key = at;
    at += stretch.text.length;
    if (stretch.passages.length === 0)
      return (
        <span key={key}>
          <Text value={stretch.text} />
        </span>
      );
    const names = [...new Set(stretch.passages.map((index) => passages[index]?.other.name ?? ''))];
    return (
      <mark key={key} title={`also in the résumé of ${names.map(shown).join(', ')}`}>
        <Text value={stretch.text} />
      </mark>
    );
  });
}

function Claims({ resume }: { resume: PersonDocument }) {
  return (
    <Wide label="What the résumé says">
      <table className="claims">
        <caption>What it says (nothing of it is verified)</caption>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">What</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {resume.claims.map((claim) => (
            <tr key={JSON.stringify(claim)}>
              <td>{claimWords[claim.kind]}</td>
              <td>
                {claim.subject ? <Text value={claim.subject} /> : null}
                {claim.detail ? (
                  <span className={claim.subject ? 'meta' : undefined}>
                    <Text value={claim.detail} />
                  </span>
                ) : null}
              </td>
              <td>{when(claim)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function when(claim: PersonDocument['claims'][number]): string {
  if (claim.years !== undefined) return countOf(claim.years, 'year', 'years');
  const length = claim.precision === 'year' ? 4 : claim.precision === 'month' ? 7 : 10;
  const from = claim.since?.slice(0, length);
  const to = claim.current ? 'now' : claim.until?.slice(0, length);
  return [from, to].filter((part) => part !== undefined).join(' to ');
}

function Traces({ resume }: { resume: PersonDocument }) {
  return (
    <table className="traces">
      <caption>
        What the file shows (each has honest causes: a template, a résumé writer, a borrowed computer)
      </caption>
      <tbody>
        {resume.traces.map((trace) => (
          <tr key={JSON.stringify(trace)}>
            <th scope="row">{traceWords[trace.kind]}</th>
            <td>
              <Text value={trace.value} />
              {trace.detail ? (
                <span className="meta">
                  <Text value={trace.detail} />
                </span>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
