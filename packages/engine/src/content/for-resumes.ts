import type { Content } from './load.js';

/** What looking at résumés alone needs of the content: the detections of applications, no packs of rules over logs. */
export function forResumes(content: Content): Content {
  return {
    ...content,
    detections: content.detections.filter((detection) => detection.stage === 'application'),
    packs: [],
  };
}
