import { addOnce } from '../collect.js';
import { isoDate } from '../dates.js';
import type { Limits } from '../limits.js';
import type { Traces } from '../types.js';
import { readXml } from '../xml.js';

/** Text of elements that hold nothing but text, by local name, in order of appearance. */
export function leafTexts(bytes: Uint8Array, limits: Limits, part: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const open: { text: string; leaf: boolean }[] = [];
  readXml(bytes, limits, part, {
    open() {
      const parent = open.at(-1);
      if (parent) parent.leaf = false;
      open.push({ text: '', leaf: true });
    },
    text(text) {
      const top = open.at(-1);
      if (top && top.text.length < 4_000) top.text += text;
    },
    close(name) {
      const element = open.pop();
      if (!element?.leaf || element.text.trim() === '') return;
      const list = found.get(name);
      if (!list) found.set(name, [element.text.trim()]);
      else if (list.length < limits.traces) list.push(element.text.trim());
    },
  });
  return found;
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;

/** `docProps/core.xml` (ECMA-376 part 2, 11). */
export function coreProperties(bytes: Uint8Array, traces: Traces, limits: Limits): void {
  const found = leafTexts(bytes, limits, 'docProps/core.xml');
  const first = (name: string): string | undefined => found.get(name)?.[0]?.slice(0, 500);
  addOnce(traces.authors, first('creator'), limits);
  const title = first('title');
  if (title) traces.title = title;
  const last = first('lastModifiedBy');
  if (last) traces.lastModifiedBy = last;
  const revision = wholeNumber(first('revision'));
  if (revision !== undefined) traces.revision = revision;
  const created = first('created');
  if (created) traces.created = isoDate(created);
  const modified = first('modified');
  if (modified) traces.modified = isoDate(modified);
  const printed = first('lastPrinted');
  if (printed) traces.printed = isoDate(printed);
}

/** `docProps/app.xml` (ECMA-376 part 1, 22.2). */
export function appProperties(bytes: Uint8Array, traces: Traces, limits: Limits): void {
  const found = leafTexts(bytes, limits, 'docProps/app.xml');
  const first = (name: string): string | undefined => found.get(name)?.[0]?.slice(0, 500);
  const application = first('Application');
  const version = first('AppVersion');
  if (application) traces.creator = version ? `${application} ${version}` : application;
  const company = first('Company');
  if (company) traces.company = company;
  const manager = first('Manager');
  if (manager) traces.manager = manager;
  const template = first('Template');
  if (template) traces.template = template;
  const minutes = wholeNumber(first('TotalTime'));
  if (minutes !== undefined) traces.editingMinutes = minutes;
}
