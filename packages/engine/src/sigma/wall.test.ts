import { loadRules } from '@rollcall/sigma';
import { expect, it } from 'vitest';
import { loadContent } from '../content/load.js';
import { sigmaWallProblems } from './wall.js';

function problems(selection: string): string[] {
  const text = `title: T\nlogsource: { product: okta }\ndetection:\n  selection:\n    ${selection}\n  condition: selection\n`;
  return loadRules([{ file: 'a.yml', text }]).rules.flatMap(({ rule }) => sigmaWallProblems(rule));
}

it.each([
  'user.gender: x',
  'birthDate|startswith: 199',
  'nationality: x',
  'user_nationality|exists: true',
  'profile.language: ko',
  'client.geographicalContext.country: Germany',
  'client.geographicalcontext.countrycode|contains: DE',
  'actor_location.country_code: US',
  'location.city|endswith: burg',
  'client.geographicalContext.geolocation.lat|gt: 40',
  'actor.displayName|contains: Kim',
  "TargetObject|contains: '\\Keyboard Layout\\Preload'",
  'additional|contains: citizenship',
])('refuses %s', (selection) => {
  expect(problems(selection)).not.toEqual([]);
});

it.each([
  'eventType: user.session.start',
  'client.geographicalContext.country|exists: true',
  "CommandLine|contains: ' --lang=en'",
  'CommandLine|contains: race',
  'Image|endswith: \\age.exe',
  'target.displayName: Okta Admin Console',
  'message|contains: package',
  'usage|gt: 3',
  'storage.name: x',
  'InterfaceName: x',
])('leaves %s', (selection) => {
  expect(problems(selection)).toEqual([]);
});

it('refuses none of the rules that ship', async () => {
  const { packs } = await loadContent();
  const refused = packs.flatMap((pack) =>
    loadRules(pack.sources).rules.flatMap(({ rule, file }) =>
      sigmaWallProblems(rule).map((problem) => `${file}: ${problem}`),
    ),
  );
  expect(refused).toEqual([]);
});
