import { isoDate } from '../dates.js';
import type { Limits } from '../limits.js';
import type { HistoryStep, TraceDate } from '../types.js';
import { readXml } from '../xml.js';

/** What an XMP packet (ISO 16684-1) says of the file. Prefixes are taken as they are always written, or were by early programs. */
export interface Xmp {
  creatorTool?: string;
  producer?: string;
  title?: string;
  authors: string[];
  created?: TraceDate;
  modified?: TraceDate;
  documentId?: string;
  instanceId?: string;
  originalDocumentId?: string;
  history: HistoryStep[];
}

export function readXmp(packet: string, limits: Limits): Xmp {
  const xmp: Xmp = { authors: [], history: [] };
  const open: { name: string; text: string }[] = [];
  let step: HistoryStep | undefined;
  const within = (name: string): boolean => open.some((element) => element.name === name);

  const take = (written: string, raw: string): void => {
    // Early programs call the same names `xap`.
    const name = written.replace(/^xap(?=:|MM:)/, 'xmp');
    const value = raw.trim().slice(0, 500);
    if (value === '') return;
    if (name.startsWith('stEvt:')) {
      if (!step || !within('xmpMM:History')) return;
      if (name === 'stEvt:action') step.action = value;
      else if (name === 'stEvt:when') step.when = isoDate(value);
      else if (name === 'stEvt:softwareAgent') step.tool = value;
      else if (name === 'stEvt:instanceID') step.instanceId = value;
      return;
    }
    switch (name) {
      case 'xmp:CreatorTool':
        xmp.creatorTool ??= value;
        break;
      case 'pdf:Producer':
        xmp.producer ??= value;
        break;
      case 'xmp:CreateDate':
        xmp.created ??= isoDate(value);
        break;
      case 'xmp:ModifyDate':
        xmp.modified ??= isoDate(value);
        break;
      case 'xmpMM:DocumentID':
        xmp.documentId ??= value;
        break;
      case 'xmpMM:InstanceID':
        xmp.instanceId ??= value;
        break;
      case 'xmpMM:OriginalDocumentID':
        xmp.originalDocumentId ??= value;
        break;
      case 'rdf:li':
        if (within('dc:creator') && xmp.authors.length < 50 && !xmp.authors.includes(value))
          xmp.authors.push(value);
        else if (within('dc:title')) xmp.title ??= value;
        break;
      default:
    }
  };

  readXml(packet, limits, 'the XMP packet', {
    open(_name, attributes, qualified) {
      open.push({ name: qualified, text: '' });
      // The ids of an ingredient are not the ids of this file.
      if (within('xmpMM:Ingredients') || within('xmpMM:Pantry')) return;
      if (qualified === 'rdf:li' && within('xmpMM:History')) step = { action: 'unknown' };
      for (const [name, value] of Object.entries(attributes)) if (name.includes(':')) take(name, value);
    },
    text(text) {
      const top = open.at(-1);
      if (top && top.text.length < 2_000) top.text += text;
    },
    close(_name, qualified) {
      const element = open.at(-1);
      if (element && !within('xmpMM:Ingredients') && !within('xmpMM:Pantry')) take(qualified, element.text);
      open.pop();
      if (qualified === 'rdf:li' && step && within('xmpMM:History')) {
        if (xmp.history.length < limits.traces) xmp.history.push(step);
        step = undefined;
      }
    },
  });
  return xmp;
}
