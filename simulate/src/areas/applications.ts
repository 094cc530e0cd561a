import {
  answerChecks,
  checkHonestly,
  checkLookalikes,
  tieToFoundOut,
  writeApplicantChecks,
} from './applications/checks.js';
import { mates, operators } from './applications/mates.js';
import {
  codeLookalikes,
  showCode,
  showCodeHonestly,
  writeCodeHistory,
  writeCodeProfiles,
} from './applications/portfolios.js';
import { refer, referHonestly, referralLookalikes, writeReferrals } from './applications/referrals.js';
import {
  sendForms,
  sendFormsHonestly,
  submissionLookalikes,
  writeSubmissions,
} from './applications/submissions.js';
import type { Area } from './area.js';

/** What is known of somebody before they are hired, beside the résumé: forms, public code, referrals, checks. */
export const applications: Area = {
  name: 'applications',
  rings(world) {
    for (const { id } of world.rings) {
      const members = mates(world, id);
      const hands = operators(world, id, members);
      sendForms(world, id, members, hands);
      showCode(world, id, members);
      refer(world, id, members);
      answerChecks(world, id, members);
    }
  },
  makers: [...submissionLookalikes, ...codeLookalikes, ...referralLookalikes, ...checkLookalikes],
  everybody(world) {
    sendFormsHonestly(world);
    showCodeHonestly(world);
    referHonestly(world);
    checkHonestly(world);
    tieToFoundOut(world);
  },
  async write(world, folder) {
    await writeSubmissions(world, folder);
    await writeCodeProfiles(world, folder);
    await writeCodeHistory(world, folder);
    await writeReferrals(world, folder);
    await writeApplicantChecks(world, folder);
  },
};
