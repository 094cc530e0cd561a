/**
 * Rings of identities run by one operator each. A ring is a chain: an identity shares one or two things with the next,
 * in one application each, and nothing with the others.
 */

/** What neighbours share, and how often it is that. */
const shared = [
  ['phone', 0.2, 'application'],
  ['address', 0.2, 'shipping'],
  ['reference_contact', 0.2, 'application'],
  ['passage', 0.15, 'résumé'],
  ['file_origin', 0.15, 'résumé'],
  ['bank_account', 0.1, 'payroll'],
];

/**
 * things: shared with the next · strangers: how many honest people hold the same value by chance (most, at least one) ·
 * bystanders: share of identities that also share one thing with an honest flatmate or landlord ·
 * popular: share of steps where the shared value is one that 20 to 60 honest people have as well, and nothing else is.
 */
export const difficulties = {
  easy: { things: 2, strangers: 0, bystanders: 0, popular: 0 },
  hard: { things: 1, strangers: 0, bystanders: 0, popular: 0 },
  bystander: { things: 1, strangers: 0, bystanders: 0.2, popular: 0 },
  noisy: { things: 1, strangers: 5, bystanders: 0, popular: 0 },
  broken: { things: 1, strangers: 0, bystanders: 0, popular: 0.1 },
};

export const identities = 60;

/** A small generator of repeatable numbers below 1 (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {number} honest people below whom strangers are drawn
 * @returns {{ rings: { name: string, difficulty: string, members: number[], bystanders: number[] }[], rows: object[] }}
 *   people as numbers (`p`), those of the rings from `honest` on; rows say `p`, `kind`, `value`, `context`, `company`, `day`
 */
export function operators(honest, companies, copies, seed = 11) {
  const next = random(seed);
  const below = (n) => Math.floor(next() * n);
  const rings = [];
  const rows = [];
  let p = honest;
  for (const [difficulty, setting] of Object.entries(difficulties)) {
    for (let copy = 1; copy <= copies; copy++) {
      const name = `${difficulty}-${copy}`;
      const members = Array.from({ length: identities }, () => p++);
      const applications = members.map(() =>
        Array.from({ length: 5 + below(11) }, () => ({ company: below(companies), day: below(1095) })),
      );
      const bystanders = [];
      const add = (person, at, kind, value, context) =>
        rows.push({ p: person, kind, value, context, company: at.company, day: at.day });
      const anywhere = () => ({ company: below(companies), day: below(1095) });
      members.forEach((person, i) => {
        // Each has its own mailbox, number, home and file: in every application the same.
        for (const at of applications[i]) {
          add(person, at, 'email', `p${person}@mail.example`, 'application');
          add(person, at, 'phone', `+9992${String(person).padStart(9, '0')}`, 'application');
          if (person % 2 === 0) add(person, at, 'address', `${person} operator street`, 'home');
          if (person % 5 < 3) add(person, at, 'file_origin', `xmp:own-${person}`, 'résumé');
          add(
            person,
            at,
            'egress_ip',
            `2001:db8:9:${(person * 16 + below(16)).toString(16).slice(-4)}::1`,
            'application',
          );
        }
        const once = () => applications[i][below(applications[i].length)];
        if (i + 1 < members.length) {
          const used = new Set();
          const popular = next() < setting.popular;
          for (let thing = 0; thing < setting.things; thing++) {
            const [kind, context] = draw(next, used);
            const value = valueFor(kind, `${name}-${i}-${thing}`);
            add(person, once(), kind, value, context);
            const there = applications[i + 1];
            add(members[i + 1], there[below(there.length)], kind, value, context);
            const others = popular
              ? 20 + below(41)
              : setting.strangers > 0
                ? 1 + below(setting.strangers)
                : 0;
            for (let j = 0; j < others; j++) add(below(honest), anywhere(), kind, value, context);
          }
        }
        if (next() < setting.bystanders) {
          const [kind, context] = draw(next, new Set(['bank_account', 'file_origin', 'passage']));
          const value = valueFor(kind, `${name}-${i}-by`);
          const bystander = below(honest);
          bystanders.push(bystander);
          add(person, once(), kind, value, context);
          add(bystander, anywhere(), kind, value, context);
        }
      });
      rings.push({ name, difficulty, members, bystanders });
    }
  }
  return { rings, rows };
}

function draw(next, used) {
  const left = shared.filter(([kind]) => !used.has(kind));
  let at = next() * left.reduce((sum, [, share]) => sum + share, 0);
  let found = left.at(-1);
  for (const one of left) {
    at -= one[1];
    if (at >= 0) continue;
    found = one;
    break;
  }
  used.add(found[0]);
  return [found[0], found[2]];
}

function valueFor(kind, of) {
  const forms = {
    phone: () => `+9993${String(hash32(of)).padStart(10, '0')}`,
    address: () => `${of} forwarding street`,
    reference_contact: () => `${of}@referee.example`,
    bank_account: () => `bank:${of}`,
    passage: () => `passage:rare-${of}`,
    file_origin: () => `xmp:own-${of}`,
  };
  return forms[kind]();
}

/** FNV-1a. */
function hash32(text) {
  let state = 0x811c9dc5;
  for (const ch of text) state = Math.imul(state ^ ch.charCodeAt(0), 0x01000193) >>> 0;
  return state;
}
